"""The connection to Discord."""

from collections.abc import Iterator
from typing import Final

from voxguard.daemon.metrics.measure import COUNTER, GAUGE, Look, Measure, one
from voxguard.ports.metrics import Sample


def _sessions(look: Look) -> Iterator[Sample]:
    yield ("started",), look.insight.core.sessions["READY"]
    yield ("resumed",), look.insight.core.sessions["RESUMED"]


# What is counted of differences between our tables and Discord's belongs here too.
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
)
