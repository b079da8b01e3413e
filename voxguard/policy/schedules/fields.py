"""One field of a cron expression: its grammar, its values, and what it refuses.

Numbers, names, ranges, steps and lists, as in crontab(5), and nothing of what single
programs added to them: each of those is refused with what to write instead.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True, slots=True)
class Kind:
    """One of the five fields: what it is called and which values it takes.

    `highest` is the greatest value that may be written, `last` the greatest there is:
    they differ for the day of the week, where 7 is another way to write Sunday.
    """

    name: str
    first: int
    last: int
    highest: int
    names: Mapping[str, int] = field(default_factory=dict)

    @property
    def everything(self) -> frozenset[int]:
        """All values of the field."""
        return frozenset(range(self.first, self.last + 1))


_MONTHS: Final = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC"
_DAYS: Final = "SUN MON TUE WED THU FRI SAT"


def _numbered(names: str, first: int) -> Mapping[str, int]:
    return {name: number for number, name in enumerate(names.split(), first)}


MINUTE: Final = Kind("minute", 0, 59, 59)
HOUR: Final = Kind("hour", 0, 23, 23)
DAY_OF_MONTH: Final = Kind("day of month", 1, 31, 31)
MONTH: Final = Kind("month", 1, 12, 12, _numbered(_MONTHS, 1))
DAY_OF_WEEK: Final = Kind("day of week", 0, 6, 7, _numbered(_DAYS, 0))

_ITEM: Final = re.compile(
    r"(?:(?P<star>\*)|(?P<low>[0-9]{1,9}|[A-Z]+)(?:-(?P<high>[0-9]{1,9}|[A-Z]+))?)"
    r"(?:/(?P<step>[0-9]{1,9}))?"
)
_NO_DAY: Final = "has no form in five fields: name the occasions as windows with `from` and `to`"
# What other programs read and crontab(5) does not know. The order matters: `MON#2` has
# letters of its own, and `LW` is refused for its L.
_FOREIGN: Final = (
    (re.compile(r"#"), f"`#` (the nth weekday of a month) {_NO_DAY}"),
    (re.compile(r"\?"), "`?` is not cron: write `*`"),
    (re.compile(r"(?:^|-)L|[0-9]L$"), f"`L` (the last day) {_NO_DAY}"),
    (re.compile(r"^[0-9]+W$|^W[0-9]*$"), f"`W` (the nearest working day) {_NO_DAY}"),
    (re.compile(r"^H(?:$|[(/])"), "`H` (a hashed value) differs by program: write the number"),
    (re.compile(r"^R(?:$|[(/])"), "`R` (a random value) differs each time: write the number"),
)


@dataclass(frozen=True, slots=True)
class Values:
    """The values that a field admits.

    `restricted` is False when the field, or an item of its list, is `*` (or `*/1`). It
    is the spelling that counts, as in crontab(5): `1-31` is a restriction, and so is
    `*/2`.
    """

    admitted: frozenset[int]
    restricted: bool


def parse_field(text: str, kind: Kind) -> Values:
    """Read one field.

    Raises:
        ValueError: it is not numbers, names, ranges, steps and lists of what the field
            takes; the message says what to write instead.
    """
    admitted: set[int] = set()
    restricted = True
    for item in text.upper().split(","):
        values = _item(item, kind)
        admitted |= values.admitted
        restricted = restricted and values.restricted
    return Values(frozenset(admitted), restricted)


def _item(item: str, kind: Kind) -> Values:
    match = _ITEM.fullmatch(item)
    if match is None:
        raise ValueError(_refusal(item, kind))
    step = 1 if match["step"] is None else int(match["step"])
    if step == 0:
        raise ValueError(f"{kind.name}: `{item}` has a step of 0; the smallest step is 1")
    if match["star"]:
        every = range(kind.first, kind.last + 1, step)
        return Values(frozenset(every), restricted=step != 1)
    low = _value(match["low"], item, kind)
    if match["high"] is not None:
        span = _range(low, match["high"], item, kind)
    elif match["step"] is not None:
        # `5/15` starts at 5 and runs to the end of the field; Sunday starts the week.
        low = low if low <= kind.last else kind.first
        span = range(low, kind.last + 1)
    else:
        span = range(low, low + 1)
    wrapped = (value if value <= kind.last else kind.first for value in span[::step])
    return Values(frozenset(wrapped), restricted=True)


def _range(low: int, last: str, item: str, kind: Kind) -> range:
    high = _value(last, item, kind)
    if last == "SUN" and low:
        # A week that ends on Sunday is what `SAT-SUN` means to whoever writes it.
        high = kind.highest
    if low > high:
        raise ValueError(
            f"{kind.name}: `{item}` runs backwards; ranges do not wrap around: "
            f"write `{_unwrapped(low, high, kind)}`"
        )
    return range(low, high + 1)


def _unwrapped(low: int, high: int, kind: Kind) -> str:
    spans = [(low, kind.last), (kind.first, high)]
    if low > kind.last:
        spans = [(kind.first, high)]
    return ",".join(f"{a}-{b}" if a < b else str(a) for a, b in spans)


def _value(text: str, item: str, kind: Kind) -> int:
    if not text.isdecimal():
        if text not in kind.names:
            raise ValueError(_refusal(item, kind))
        return kind.names[text]
    value = int(text)
    if not kind.first <= value <= kind.highest:
        raise ValueError(
            f"{kind.name}: `{text}` is out of range, it goes from {kind.first} to {kind.highest}"
        )
    return value


def _refusal(item: str, kind: Kind) -> str:
    for pattern, message in _FOREIGN:
        if pattern.search(item):
            return f"{kind.name}: {message}"
    if item == "":
        return f"{kind.name}: a value is missing beside a comma"
    return f"{kind.name}: `{item}` is not understood; write {_forms(kind)}"


def _forms(kind: Kind) -> str:
    names = list(kind.names)
    named = f", names {names[0]} to {names[-1]}" if names else ""
    return (
        f"numbers {kind.first} to {kind.highest}{named}, "
        "`*`, ranges like `2-4`, steps like `*/2`, or a list of these"
    )
