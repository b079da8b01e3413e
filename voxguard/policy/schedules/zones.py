"""Time zones: which there are, and how wall-clock time and instants map to each other.

The mapping is ours because cron libraries get it wrong (twice in a repeated hour, off in
half-hour changes); the facts are those of the IANA time zone database through zoneinfo.
"""

import difflib
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

# Files that stand in the database's directory on some systems and name no place.
_NO_ZONES: Final = {"localtime", "posixrules", "Factory"}
_LONGEST: Final = 64
_SECOND: Final = timedelta(seconds=1)
_MICROSECOND: Final = timedelta(microseconds=1)


def zone(name: str) -> ZoneInfo:
    """The time zone of an IANA name like `Europe/Moscow`, spelt exactly.

    Raises:
        ValueError: there is no such zone; the message names those that are close.
    """
    if name in _names():
        return ZoneInfo(name)
    if len(name) > _LONGEST:
        raise ValueError(f"no time zone has a name of {len(name)} characters")
    close = _close(name)
    if close:
        hint = f"did you mean {' or '.join(close)}?"
    else:
        hint = "write a name of the IANA database, like Europe/Moscow or UTC"
    raise ValueError(f"there is no time zone `{name}`; {hint}")


@cache
def _names() -> frozenset[str]:
    return frozenset(available_timezones() - _NO_ZONES)


def _close(name: str) -> list[str]:
    wanted = name.strip().lower().replace(" ", "_")
    by_key: dict[str, str] = {}
    for known in sorted(_names()):
        lower = known.lower()
        by_key[lower] = known
        # People write `Moscow`; a zone of that full name goes before its namesakes.
        by_key.setdefault(lower.rpartition("/")[2], known)
    keys = difflib.get_close_matches(wanted, by_key, n=3, cutoff=0.75)
    return list(dict.fromkeys(by_key[key] for key in keys))


def resolve_wall(wall: datetime, zone: ZoneInfo) -> datetime:
    """The instant at which a clock in `zone` first shows `wall` or later, in UTC.

    A time that a change of the clocks skips happens at the first instant after the gap;
    one that is repeated happens once, at its first occurrence. (PEP 495 describes the
    fold that both are told by.)

    Raises:
        OverflowError: the instant is not within the years 1 to 9999.
    """
    before, after = _offsets(wall, zone)
    if before >= after:
        return (wall - before).replace(tzinfo=UTC)
    return _change(wall - after, wall - before, zone)


def reached_wall(instant: datetime, zone: ZoneInfo) -> datetime:
    """The latest wall-clock time that a clock in `zone` has shown by `instant`.

    In the second pass of a repeated hour that is the end of the first: for every wall
    time `w`, `w <= reached_wall(t)` exactly when `resolve_wall(w) <= t`.
    """
    local = instant.astimezone(zone)
    wall = local.replace(tzinfo=None)
    if not local.fold:
        return wall
    first_pass, second_pass = _offsets(wall, zone)
    change = _change(wall - first_pass, wall - second_pass, zone)
    return change.replace(tzinfo=None) + first_pass - _MICROSECOND


def _offsets(wall: datetime, zone: ZoneInfo) -> tuple[timedelta, timedelta]:
    """The offsets from UTC of a wall time by the rules before and after a change."""
    offsets = [wall.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1)]
    before, after = (offset if offset is not None else timedelta() for offset in offsets)
    return before, after


def _change(old: datetime, new: datetime, zone: ZoneInfo) -> datetime:
    """The instant, a whole second, in (old, new] at which the offset from UTC changes.

    `old` and `new` are naive UTC, by the rules before and after one change.
    """
    low = old.replace(microsecond=0, tzinfo=UTC)
    high = new.replace(microsecond=0, tzinfo=UTC)
    before = low.astimezone(zone).utcoffset()
    while high - low > _SECOND:
        middle = low + (high - low) // _SECOND // 2 * _SECOND
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high
