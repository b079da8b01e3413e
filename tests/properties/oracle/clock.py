"""Instants as whole microseconds since 1970, durations, and what clocks in a zone show."""

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

SECOND = 1_000_000
DAY = 86_400 * SECOND
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DISCORD_EPOCH_MS = 1_420_070_400_000
_UNITS = {"d": DAY, "h": 3600 * SECOND, "m": 60 * SECOND, "s": SECOND}
_DURATION = re.compile(r"(?=.)(\d+d)?(\d+h)?(\d+m)?(\d+s)?")


def micros(at: datetime) -> int:
    """An aware instant as a number."""
    return (at - EPOCH) // timedelta(microseconds=1)


def moment(at: int) -> datetime:
    """A number as an aware instant in UTC."""
    return EPOCH + timedelta(microseconds=at)


def parse_instant(text: str) -> int:
    """An instant of a trace, which has an offset."""
    return micros(datetime.fromisoformat(text))


def instant_text(at: int) -> str:
    """An instant as decisions show it."""
    return moment(at).isoformat().replace("+00:00", "Z")


def is_duration(text: str) -> bool:
    """Whether a value of a document may be a duration."""
    return _DURATION.fullmatch(text) is not None


def duration(text: str) -> int:
    """A duration such as `1h30m` in microseconds."""
    return sum(int(part[:-1]) * _UNITS[part[-1]] for part in re.findall(r"\d+[dhms]", text))


def created_at(user_id: int) -> int:
    """When an account was made, which its id tells to the millisecond."""
    return ((user_id >> 22) + DISCORD_EPOCH_MS) * 1000


def shown(at: int, zone: ZoneInfo) -> datetime:
    """What clocks in the zone show, without the zone."""
    return moment(at).astimezone(zone).replace(tzinfo=None)


@cache
def first_shown(wall: datetime, zone: ZoneInfo) -> int:
    """The first instant at which clocks in the zone show a time, or have passed over it."""
    early = micros(wall.replace(tzinfo=zone, fold=0).astimezone(UTC))
    if shown(early, zone) == wall:
        return early
    # In a gap the two readings lie on both sides of the jump; it is found by halving.
    late = early
    early = micros(wall.replace(tzinfo=zone, fold=1).astimezone(UTC))
    while late - early > 1:
        middle = (early + late) // 2
        if shown(middle, zone) > wall:
            late = middle
        else:
            early = middle
    return late


def written(text: str, zone: ZoneInfo) -> int:
    """An instant of a document: wall-clock in the zone, unless it has an offset."""
    at = datetime.fromisoformat(text)
    return micros(at) if at.tzinfo is not None else first_shown(at, zone)


def day_began(at: int, zone: ZoneInfo) -> int:
    """When the day of the zone began in which an instant lies."""
    return first_shown(datetime.combine(shown(at, zone).date(), time()), zone)


def midnights(first: int, last: int, zone: ZoneInfo) -> set[int]:
    """The beginnings of all days between two instants."""
    days = range(shown(first, zone).date().toordinal(), shown(last, zone).date().toordinal() + 2)
    return {first_shown(datetime.combine(date.fromordinal(day), time()), zone) for day in days}
