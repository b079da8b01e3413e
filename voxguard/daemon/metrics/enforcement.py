"""The queue in front of Discord, and what Discord answers."""

from collections.abc import Callable, Iterator
from typing import Final

from voxguard.daemon.metrics.measure import COUNTER, GAUGE, Look, Measure, Read, one
from voxguard.ports.enforcement import EnforcementStats
from voxguard.ports.metrics import Sample


def _stat(read: Callable[[EnforcementStats], float]) -> Read:
    return one(lambda look: read(look.stats))


def _limited(look: Look) -> Iterator[Sample]:
    stats = look.stats
    yield ("user",), stats.rate_limited_user
    yield ("global",), stats.rate_limited_global
    yield ("shared",), stats.rate_limited_shared


def _queue(look: Look) -> Iterator[Sample]:
    stats = look.stats
    yield ("waiting",), stats.waiting - stats.pending - stats.deferred
    yield ("pending",), stats.pending
    yield ("deferred",), stats.deferred


def _paused(look: Look) -> Iterator[Sample]:
    for guild_id, kind in look.stats.paused:
        yield (str(guild_id), kind), 1


MEASURES: Final = (
    Measure(
        "voxguard_requests_total",
        COUNTER,
        "Requests sent to Discord to carry decisions out.",
        _stat(lambda stats: stats.requests),
    ),
    Measure(
        "voxguard_requests_in_flight",
        GAUGE,
        "Requests that have no answer yet.",
        _stat(lambda stats: stats.in_flight),
    ),
    Measure(
        "voxguard_requests_refused_total",
        COUNTER,
        "Answers by which Discord refused a request for good.",
        _stat(lambda stats: stats.refused),
    ),
    Measure(
        "voxguard_requests_rate_limited_total",
        COUNTER,
        "Answers 429, by whose limit it was: the bot's in one place, the bot's, or everybody's.",
        _limited,
        ("scope",),
    ),
    Measure(
        "voxguard_requests_unreachable_total",
        COUNTER,
        "Requests without an answer, or with one that says that Discord is broken.",
        _stat(lambda stats: stats.unreachable),
    ),
    Measure(
        "voxguard_requests_invalid_total",
        COUNTER,
        "Answers of 401, 403 and 429: too many of them lead to a ban.",
        _stat(lambda stats: stats.invalid),
    ),
    Measure(
        "voxguard_invalid_budget_left",
        GAUGE,
        "How many more of those there may be within ten minutes before only releases are sent.",
        _stat(lambda stats: stats.invalid_left),
    ),
    Measure(
        "voxguard_queue_decisions",
        GAUGE,
        "Decisions that were not sent: next in line, until the member joins, or for a budget or "
        "permission.",
        _queue,
        ("state",),
    ),
    Measure(
        "voxguard_kind_paused",
        GAUGE,
        "1 for each kind of edit that Discord refuses in a guild and that is only tried again.",
        _paused,
        ("guild", "kind"),
    ),
)
