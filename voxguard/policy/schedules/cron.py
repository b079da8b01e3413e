"""Cron expressions on wall-clock time: read strictly, normalised by meaning, iterated.

croniter does the iteration, on naive wall-clock times alone. It is given the normal
form and never the author's text: it reads `3-3` as the whole field, and knows fields
and letters that this language does not have.
"""

import copy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final, Self

from croniter import croniter

from voxguard.policy.schedules.fields import (
    DAY_OF_MONTH,
    DAY_OF_WEEK,
    HOUR,
    MINUTE,
    MONTH,
    Kind,
    Values,
    parse_field,
)

# More than any list of all values needs, and little enough to quote in a message.
LONGEST: Final = 500
KINDS: Final = (MINUTE, HOUR, DAY_OF_MONTH, MONTH, DAY_OF_WEEK)
_LAST_DAY: Final = dict.fromkeys(range(1, 13), 31) | {2: 29, 4: 30, 6: 30, 9: 30, 11: 30}
_ORDER: Final = "minute, hour, day of month, month, day of week"
_NEVER: Final = "never"
_SHORTHANDS: Final = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}


@dataclass(frozen=True, slots=True)
class Cron:
    """A cron expression; two that fire at the same times are equal.

    `text` is what the author wrote. `canonical` is its meaning: five fields, each `*` or
    a sorted list of numbers, or `never`. `per_day` estimates how often it fires a day,
    for budgets.

    When day of month and day of week are both restricted, either suffices, and `*/2`
    restricts; only `*` and `*/1` do not. That is croniter's reading and that of
    crontab(5); Vixie's own program takes any field that begins with a star for
    unrestricted.

    Raises:
        ValueError: the text is not five fields of numbers, names, ranges, steps and
            lists; the message says what to write instead.
    """

    text: str = field(compare=False)
    canonical: str = field(init=False)
    per_day: float = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        minutes, hours, *date = (
            parse_field(text, kind) for text, kind in zip(_split(self.text), KINDS, strict=True)
        )
        days, months, weekdays = _normal_date(*date)
        normal = (minutes.admitted, hours.admitted, days, months, weekdays)
        shown = [_show(values, kind) for values, kind in zip(normal, KINDS, strict=True)]
        object.__setattr__(self, "canonical", " ".join(shown) if months else _NEVER)
        share = _share_of_days(days, months, weekdays)
        per_day = len(minutes.admitted) * len(hours.admitted) * share
        object.__setattr__(self, "per_day", per_day)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read an expression.

        Raises:
            ValueError: as the class.
        """
        return cls(text)

    @property
    def never_fires(self) -> bool:
        """Whether no date fits, as in `0 0 30 2 *`."""
        return self.canonical == _NEVER

    def next_after(self, wall: datetime) -> datetime | None:
        """The first wall-clock time after `wall` at which it fires; None if it never does.

        It is at most eight years away: 29 February across 2100 is the rarest there is.
        """
        if self.never_fires:
            return None
        return _iterator(self.canonical).get_next(datetime, start_time=_whole_minute(wall))

    def last_until(self, wall: datetime) -> datetime | None:
        """The last wall-clock time up to and including `wall` at which it fires, or None."""
        if self.never_fires:
            return None
        after = _whole_minute(wall) + timedelta(minutes=1)
        return _iterator(self.canonical).get_prev(datetime, start_time=after)


def _split(text: str) -> list[str]:
    if len(text) > LONGEST:
        raise ValueError(f"a cron expression has at most {LONGEST} characters, not {len(text)}")
    if not text.isascii():
        raise ValueError(f"a cron expression is plain ASCII, `{text}` is not")
    fields = text.split()
    if text.strip().startswith("@"):
        written_out = _SHORTHANDS.get(text.strip().lower())
        instead = f"write `{written_out}`" if written_out else f"write five fields: {_ORDER}"
        raise ValueError(f"`{text.strip()}` is a shorthand that is not understood; {instead}")
    if len(fields) != len(KINDS):
        more = "; there are no seconds and no years" if len(fields) > len(KINDS) else ""
        raise ValueError(
            f"a cron expression has five fields ({_ORDER}), `{text}` has {len(fields)}{more}"
        )
    return fields


def _normal_date(
    day: Values, month: Values, weekday: Values
) -> tuple[frozenset[int], frozenset[int], frozenset[int]]:
    """The date fields in the one form that all spellings of a meaning share.

    No month is left in which no date fits; so there is none if no date ever does.
    """
    months, weekdays = month.admitted, weekday.admitted
    longest = max(_LAST_DAY[month] for month in months)
    possible = frozenset(range(1, longest + 1))
    days = day.admitted & possible
    if day.restricted and weekday.restricted:
        if days == possible or weekdays == DAY_OF_WEEK.everything:
            days, weekdays = DAY_OF_MONTH.everything, DAY_OF_WEEK.everything
        elif not days:
            days = DAY_OF_MONTH.everything
        return days, months, weekdays
    if days == possible:
        return DAY_OF_MONTH.everything, months, weekdays
    return days, frozenset(m for m in months if days and min(days) <= _LAST_DAY[m]), weekdays


def _share_of_days(days: frozenset[int], months: frozenset[int], weekdays: frozenset[int]) -> float:
    by_day, by_weekday = len(days) / 31, len(weekdays) / 7
    either = by_day * by_weekday if 1 in (by_day, by_weekday) else by_day + by_weekday
    return len(months) / 12 * min(1.0, either)


def _show(values: frozenset[int], kind: Kind) -> str:
    return "*" if values == kind.everything else ",".join(map(str, sorted(values)))


def _whole_minute(wall: datetime) -> datetime:
    return wall.replace(second=0, microsecond=0)


@lru_cache(maxsize=4096)
def _prototype(canonical: str) -> "croniter[datetime]":
    return croniter(canonical, 0.0, ret_type=datetime)


def _iterator(canonical: str) -> "croniter[datetime]":
    # A croniter keeps its position; a copy of one that nobody moves is much cheaper than
    # a new one and safe to use from several threads.
    return copy.copy(_prototype(canonical))
