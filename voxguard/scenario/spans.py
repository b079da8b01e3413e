"""When schedules are open within a span of time, for people and programs to read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from voxguard.errors import UsageError
from voxguard.model.instants import instant_text
from voxguard.policy.resolved import GuildPolicy
from voxguard.policy.schedules import Interval, Schedule, open_intervals
from voxguard.scenario.trace import check_instant

MOST_INTERVALS = 10_000
"""Of one schedule; a longer answer is cut and says so."""

LONGEST_SPAN = timedelta(days=3_653)
"""Ten years. Looking through the busiest schedule takes some seconds for each of them."""

_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Span:
    """From one instant up to, but not at, another."""

    from_at: datetime
    to_at: datetime

    @classmethod
    def of(cls, from_at: datetime, to_at: datetime | None, usual: timedelta) -> "Span":
        """A span of time, of the usual length where it has no end.

        Raises:
            UsageError: It does not begin before it ends, is too long to look through, or
                lies outside of what is understood.

        """
        if to_at is None:
            to_at = check_instant(from_at) + usual
        if check_instant(from_at) >= check_instant(to_at):
            raise UsageError(
                f"the span from {instant_text(from_at)} to {instant_text(to_at)} "
                "does not begin before it ends",
                hint="--from is the earlier of the two",
            )
        if to_at - from_at > LONGEST_SPAN:
            raise UsageError(f"the span is longer than {LONGEST_SPAN.days} days")
        return cls(from_at, to_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleSpan:
    """One guild's schedule in a span.

    `open_now` and `changes_at` are of the present; the latter is None where nothing
    changes any more or not soon. `open_before` and `open_after` tell that the first
    interval began before the span, and that the last goes on after it. `truncated` tells
    that there are more intervals.
    """

    guild: GuildPolicy
    name: str
    schedule: Schedule
    span: Span
    open_now: bool
    changes_at: datetime | None
    intervals: tuple[Interval, ...]
    open_before: bool
    open_after: bool
    truncated: bool

    def local(self, at: datetime) -> datetime:
        """An instant on the clocks of the schedule's zone."""
        return at.astimezone(self.schedule.zone)


def look(
    schedules: Iterable[tuple[GuildPolicy, str, Schedule]], span: Span, now: datetime
) -> list[ScheduleSpan]:
    """Each schedule in the span, and at present."""
    found = []
    for guild, name, schedule in schedules:
        openness = schedule.at(now)
        intervals = tuple(
            islice(open_intervals(schedule, span.from_at, span.to_at), MOST_INTERVALS + 1)
        )
        found.append(
            ScheduleSpan(
                guild=guild,
                name=name,
                schedule=schedule,
                span=span,
                open_now=openness.is_open,
                changes_at=openness.until,
                intervals=intervals[:MOST_INTERVALS],
                open_before=schedule.at(span.from_at).is_open
                and schedule.at(span.from_at - _MOMENT).is_open,
                open_after=schedule.at(span.to_at).is_open
                and schedule.at(span.to_at - _MOMENT).is_open,
                truncated=len(intervals) > MOST_INTERVALS,
            )
        )
    return found


def spans_json(spans: Iterable[ScheduleSpan], span: Span, now: datetime) -> dict[str, object]:
    """All of it as JSON values; an interval includes its `from` and excludes its `to`."""
    return {
        "from": instant_text(span.from_at),
        "to": instant_text(span.to_at),
        "now": instant_text(now),
        "schedules": [_json(each) for each in spans],
    }


def _json(each: ScheduleSpan) -> dict[str, object]:
    return {
        "guild": str(each.guild.id),
        "directory": each.guild.directory,
        "schedule": each.name,
        "timezone": each.schedule.zone.key,
        "open_now": each.open_now,
        "changes_at": None if each.changes_at is None else instant_text(each.changes_at),
        "intervals": [
            {
                "from": instant_text(interval.start),
                "to": instant_text(interval.end),
                "from_local": each.local(interval.start).isoformat(),
                "to_local": each.local(interval.end).isoformat(),
            }
            for interval in each.intervals
        ],
        "open_before": each.open_before,
        "open_after": each.open_after,
        "truncated": each.truncated,
    }
