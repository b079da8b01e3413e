"""Answers and what waits, counted."""

from collections.abc import Iterable

from voxguard.daemon.enforcement.limits import INVALID_BUDGET, Limits
from voxguard.daemon.enforcement.line import Line
from voxguard.model.decisions import Outcome
from voxguard.ports.discord import (
    Answer,
    Applied,
    NotConnected,
    Opened,
    RateLimited,
    Refused,
    Scope,
    Unreachable,
)
from voxguard.ports.enforcement import EnforcementStats


def count_levels(
    stats: EnforcementStats, lines: Iterable[Line], limits: Limits, now: float
) -> None:
    """Bring the stats that are levels up to date."""
    stats.invalid_lately = limits.invalid_lately(now)
    stats.invalid_left = max(0, INVALID_BUDGET - stats.invalid_lately)
    stats.waiting = stats.pending = stats.deferred = 0
    paused = []
    for line in lines:
        paused += [(line.guild_id, each.value) for each in line.refusals.paused]
        for desk in line.desks.values():
            stats.waiting += len(desk.wants)
            for want in desk.wants.values():
                stats.pending += want.told is Outcome.PENDING
                stats.deferred += want.told is Outcome.DEFERRED
    stats.paused = tuple(sorted(paused))


def count_answer(stats: EnforcementStats, answer: Answer) -> bool:
    """Count an answer by its sort; whether it is one of those that lead to a ban."""
    stats.in_flight -= 1
    invalid = False
    match answer:
        case Applied() | Opened():
            pass
        case Refused(status=status):
            stats.refused += 1
            invalid = status in (401, 403)
        case NotConnected():
            stats.not_connected += 1
        case RateLimited(scope=scope):
            invalid = True
            stats.rate_limited_user += scope is Scope.USER
            stats.rate_limited_global += scope is Scope.GLOBAL
            stats.rate_limited_shared += scope is Scope.SHARED
        case Unreachable():
            stats.unreachable += 1
    stats.invalid += invalid
    return invalid
