"""When the clocks of a time zone are changed."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

AHEAD = timedelta(days=2 * 365)
"""How far ahead changes are looked for."""

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


class Change(NamedTuple):
    """The wall-clock times from `first` up to `last` that are skipped (a gap) or repeated."""

    first: datetime
    last: datetime
    is_gap: bool


def changes_of(zone: ZoneInfo, now: datetime) -> tuple[Change, ...]:
    """The changes of a zone's clocks in the next two years."""
    return _changes_of(zone, now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0))


@lru_cache(maxsize=1024)
def _changes_of(zone: ZoneInfo, start: datetime) -> tuple[Change, ...]:
    return tuple(_search(zone, start))


def _search(zone: ZoneInfo, start: datetime) -> Iterator[Change]:
    at = start
    while at < start + AHEAD:
        before, after = _offset(at, zone), _offset(at + _DAY, zone)
        if before != after:
            changed_at = _first_with(after, at, zone).replace(tzinfo=None)
            first, last = sorted((changed_at + before, changed_at + after))
            yield Change(first, last, after > before)
        at += _DAY


def _first_with(offset: timedelta, low: datetime, zone: ZoneInfo) -> datetime:
    """The first second of a day at which a zone has an offset that it ends with."""
    high = low + _DAY
    while high - low > _SECOND:
        middle = low + (high - low) // _SECOND // 2 * _SECOND
        low, high = (low, middle) if _offset(middle, zone) == offset else (middle, high)
    return high


def _offset(at: datetime, zone: ZoneInfo) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()
