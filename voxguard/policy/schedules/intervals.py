"""The open intervals of a schedule within a span, for people to look at."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from voxguard.policy.schedules.schedule import Schedule


@dataclass(frozen=True, slots=True)
class Interval:
    """A stretch in which a schedule is open: from `start`, up to but not at `end`; UTC."""

    start: datetime
    end: datetime


def open_intervals(schedule: Schedule, from_: datetime, to: datetime) -> Iterator[Interval]:
    """The stretches in which it is open between two instants, in order and clipped.

    Stretches that touch are one. The work grows with the number of boundaries in the
    span, so a caller bounds the span or stops when it has enough.
    """
    now, to = from_.astimezone(UTC), to.astimezone(UTC)
    opened_at: datetime | None = None
    while now < to:
        openness = schedule.at(now)
        if openness.is_open:
            opened_at = opened_at or now
        elif opened_at is not None:
            yield Interval(opened_at, now)
            opened_at = None
        now = openness.ask_again_at or to
    if opened_at is not None:
        yield Interval(opened_at, to)
