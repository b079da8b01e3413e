"""Which schedules are open, from the language's section 5: every fire is written down."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache, lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from tests.properties.oracle.clock import DAY, duration, first_shown, shown, written

_FIELDS = (
    (0, 59, ""),
    (0, 23, ""),
    (1, 31, ""),
    (1, 12, "jan feb mar apr may jun jul aug sep oct nov dec"),
    (0, 7, "sun mon tue wed thu fri sat"),
)
_YEARS_BACK = 9


@dataclass(frozen=True)
class Cron:
    """The five sets of a cron, and whether a day may be right in either of two ways."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    either: bool

    def on(self, day: date) -> bool:
        """Whether it fires on a day."""
        by_date, by_week = day.day in self.days, day.isoweekday() % 7 in self.weekdays
        fits = (by_date or by_week) if self.either else (by_date and by_week)
        return fits and day.month in self.months


@cache
def cron(text: str) -> Cron:
    """Read a cron."""
    fields = text.split()
    sets = [frozenset(_values(field, *kind)) for field, kind in zip(fields, _FIELDS, strict=True)]
    minutes, hours, days, months, weekdays = sets
    either = fields[2] != "*" and fields[4] != "*"
    return Cron(minutes, hours, days, months, frozenset(day % 7 for day in weekdays), either)


def _values(field: str, first: int, last: int, names: str) -> Iterator[int]:
    def number(text: str) -> int:
        return int(text) if text.isdigit() else names.split().index(text.lower()) + first

    for part in field.split(","):
        span, _, step = part.partition("/")
        low, _, high = span.partition("-")
        begin = first if span == "*" else number(low)
        end = last if span == "*" else number(high or low)
        yield from range(begin, end + 1, int(step or 1))


@cache
def fires(text: str, zone: ZoneInfo, day: date) -> tuple[int, ...]:
    """The instants of a cron on a day of the zone, in order; a gap may make several one."""
    spelt = cron(text)
    if not spelt.on(day):
        return ()
    walls = [
        datetime.combine(day, time(hour, minute))
        for hour in sorted(spelt.hours)
        for minute in sorted(spelt.minutes)
    ]
    return tuple(sorted({first_shown(wall, zone) for wall in walls}))


@lru_cache(maxsize=100_000)
def latest(text: str, zone: ZoneInfo, now: int) -> int | None:
    """The latest instant of a cron that is not after now."""
    today = shown(now, zone).date().toordinal()
    for day in range(today + 1, today - _YEARS_BACK * 366, -1):
        for at in reversed(fires(text, zone, date.fromordinal(day))):
            if at <= now:
                return at
    return None


def window_open(window: dict[str, Any], zone: ZoneInfo, now: int) -> bool:
    """Whether one window is open, in any of its three forms."""
    if "from" in window:
        return written(window["from"], zone) <= now < written(window["to"], zone)
    started = latest(window["start"], zone, now)
    if started is None:
        return False
    if "for" in window:
        return now < started + duration(window["for"])
    ended = latest(window["end"], zone, now)
    return ended is None or started > ended


def is_open(schedule: dict[str, Any], default: ZoneInfo, now: int) -> bool:
    """Whether a schedule is open: a window is, and no exception."""
    zone = zone_of(schedule, default)
    return any(window_open(each, zone, now) for each in schedule["windows"]) and not any(
        window_open(each, zone, now) for each in schedule.get("except", ())
    )


def zone_of(schedule: dict[str, Any], default: ZoneInfo) -> ZoneInfo:
    """The zone in which a schedule is read."""
    return ZoneInfo(schedule["timezone"]) if "timezone" in schedule else default


def edges(schedule: dict[str, Any], default: ZoneInfo, first: int, last: int) -> set[int]:
    """All instants of a span at which a window of a schedule may open or close, and some more."""
    zone = zone_of(schedule, default)
    found: set[int] = set()
    for window in (*schedule["windows"], *schedule.get("except", ())):
        if "from" in window:
            found |= {written(window[key], zone) for key in ("from", "to")}
        elif "for" in window:
            length = duration(window["for"])
            starts = set(_between(window["start"], zone, first - length, last))
            found |= starts | {at + length for at in starts}
        else:
            found |= {*_between(window["start"], zone, first, last)}
            found |= {*_between(window["end"], zone, first, last)}
    return found


def _between(text: str, zone: ZoneInfo, first: int, last: int) -> Iterable[int]:
    begin, end = (shown(at, zone).date().toordinal() for at in (first - DAY, last + DAY))
    for day in range(begin, end + 1):
        yield from fires(text, zone, date.fromordinal(day))
