"""Decisions, how they ended, and what is to be seen of guilds and fuses."""

from collections.abc import Iterator
from typing import Final

from voxguard.daemon.metrics.measure import COUNTER, GAUGE, Look, Measure, one
from voxguard.ports.metrics import Sample


def _decided(look: Look) -> Iterator[Sample]:
    for sort, number in look.insight.core.counts.decided.items():
        yield (sort.rule, sort.effect.value, sort.mode.value), number


def _ended(look: Look) -> Iterator[Sample]:
    for (sort, outcome), number in look.insight.core.counts.ended.items():
        yield (sort.rule, sort.effect.value, sort.mode.value, outcome.value), number


def _connected(look: Look) -> Iterator[Sample]:
    for guild_id, counts in look.guilds:
        yield (str(guild_id),), counts.connected


def _leases(look: Look) -> Iterator[Sample]:
    for guild_id, counts in look.guilds:
        for effect, number in counts.leases.items():
            yield (str(guild_id), effect.value), number


def _blown(look: Look) -> Iterator[Sample]:
    for each in look.fuses:
        if each.blown_at is not None:
            yield (str(each.guild_id), each.rule), 1


MEASURES: Final = (
    Measure(
        "voxguard_decisions_total",
        COUNTER,
        "Decisions that are on disk, by rule, effect and mode.",
        _decided,
        ("rule", "effect", "mode"),
    ),
    Measure(
        "voxguard_outcomes_total",
        COUNTER,
        "Decisions that have their final outcome.",
        _ended,
        ("rule", "effect", "mode", "outcome"),
    ),
    Measure(
        "voxguard_guilds",
        GAUGE,
        "Guilds that the policies in force are about.",
        one(lambda look: len(look.insight.engine.index.guilds)),
    ),
    Measure(
        "voxguard_guilds_available",
        GAUGE,
        "Guilds that Discord has shown and that are available now.",
        one(lambda look: sum(guild.available for guild in look.insight.engine.guilds)),
    ),
    Measure(
        "voxguard_members_connected",
        GAUGE,
        "Members in voice, by guild.",
        _connected,
        ("guild",),
    ),
    Measure(
        "voxguard_leases",
        GAUGE,
        "What rules hold of members now (mutes, roles and so on), by guild and effect.",
        _leases,
        ("guild", "effect"),
    ),
    Measure(
        "voxguard_fuse_blown",
        GAUGE,
        "1 for each rule that only observes because it was about to act on too many members.",
        _blown,
        ("guild", "rule"),
    ),
)
