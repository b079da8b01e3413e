"""The connection to Discord."""

from collections.abc import Iterator
from typing import Final

from voxguard.daemon.metrics.measure import COUNTER, GAUGE, Look, Measure, one
from voxguard.ports.metrics import Sample


def _sessions(look: Look) -> Iterator[Sample]:
    yield ("started",), look.insight.core.sessions["READY"]
    yield ("resumed",), look.insight.core.sessions["RESUMED"]


def _sessions_left(look: Look) -> Iterator[Sample]:
    left = look.insight.gateway.status.sessions_left
    if left is not None:
        yield (), left


def _drift(look: Look) -> Iterator[Sample]:
    for drift, count in look.insight.core.reconciliation.drift.items():
        yield (drift.value,), count


MEASURES: Final = (
    Measure(
        "voxguard_gateway_connected",
        GAUGE,
        "1 while every shard is connected to Discord's gateway.",
        one(lambda look: look.insight.gateway.status.is_connected),
    ),
    Measure(
        "voxguard_gateway_shards",
        GAUGE,
        "Shards that Discord asks for; 0 until it has said how many.",
        one(lambda look: look.insight.gateway.status.shard_count),
    ),
    Measure(
        "voxguard_gateway_shards_connected",
        GAUGE,
        "Shards that are connected.",
        one(lambda look: len(look.insight.gateway.status.connected)),
    ),
    Measure(
        "voxguard_gateway_sessions_total",
        COUNTER,
        "Sessions at the gateway, those that were started and those that were resumed.",
        _sessions,
        ("how",),
    ),
    Measure(
        "voxguard_gateway_guilds",
        GAUGE,
        "Guilds that the bot is in, by Discord's word.",
        one(lambda look: len(look.insight.gateway.status.announced)),
    ),
    Measure(
        "voxguard_gateway_sessions_left",
        GAUGE,
        "Sessions that may still be started before Discord counts anew; none until it has said.",
        _sessions_left,
    ),
    Measure(
        "voxguard_guilds_overdue",
        GAUGE,
        "Guilds of the policy set that the bot is in and that Discord has not shown for long.",
        one(lambda look: look.insight.core.reconciliation.overdue),
    ),
    Measure(
        "voxguard_reconciliation_rounds_total",
        COUNTER,
        "Rounds in which members were asked after.",
        one(lambda look: look.insight.core.reconciliation.rounds),
    ),
    Measure(
        "voxguard_reconciliation_asked_total",
        COUNTER,
        "Members asked after, those without an answer included.",
        one(lambda look: look.insight.core.reconciliation.asked),
    ),
    Measure(
        "voxguard_reconciliation_unanswered_total",
        COUNTER,
        "Members of whom Discord has said nothing when asked.",
        one(lambda look: look.insight.core.reconciliation.unanswered),
    ),
    Measure(
        "voxguard_reconciliation_drift_total",
        COUNTER,
        "Members who were not as reported, and were put right.",
        _drift,
        ("kind",),
    ),
    Measure(
        "voxguard_reconciliation_renewed_total",
        COUNTER,
        "Sessions begun anew because of that.",
        one(lambda look: look.insight.core.reconciliation.renewed),
    ),
)
