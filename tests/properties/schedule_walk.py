"""A second evaluator of schedules, for tests: slow, plain, and without the package.

It walks minute by minute and looks at what a clock in the zone shows. The crons that it
walks are drawn together with the sets that their author had in mind, so that it needs no
parser either.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MONTHS = "- jan feb mar apr may jun jul aug sep oct nov dec"
WEEKDAYS = "SUN MON TUE WED THU FRI SAT"


@dataclass(frozen=True)
class Spelt:
    """A cron in words and, beside it, the sets that whoever wrote it had in mind."""

    text: str
    fields: tuple[frozenset[int], ...]
    either: bool

    def on(self, day: date) -> bool:
        """Whether it fires on a day."""
        weekday = day.isoweekday() % 7 in self.fields[4]
        in_month = day.day in self.fields[2]
        fits = (in_month or weekday) if self.either else (in_month and weekday)
        return fits and day.month in self.fields[3]

    def at(self, wall: datetime) -> bool:
        """Whether it fires at a minute of the clock."""
        return wall.minute in self.fields[0] and wall.hour in self.fields[1] and self.on(wall)

    def times(self, start: datetime, step: int) -> Iterator[datetime]:
        """All times from a minute on, forward or backward, through nine years."""
        clock = [(h, m) for h in sorted(self.fields[1]) for m in sorted(self.fields[0])][::step]
        for n in range(9 * 366):
            day = start.date() + step * n * DAY
            for hour, minute in clock if self.on(day) else ():
                wall = datetime(day.year, day.month, day.day, hour, minute)  # noqa: DTZ001
                if (wall - start) * step >= timedelta():
                    yield wall


@st.composite
def items(draw: st.DrawFn, first: int, last: int, names: list[str]) -> tuple[str, set[int], bool]:
    """One item of a field's list, its values, and whether it is a star."""
    whole = range(first, last + 1)
    form = draw(st.sampled_from(["value", "value", "range", "steps", "*", "*/", "/"]))
    step = draw(st.integers(1, 9))
    low = draw(st.integers(first, last))
    high = draw(st.integers(low, 7 if last == 6 else last))
    named = bool(names) and draw(st.booleans())
    a = names[low] if named else str(low)
    b = names[high] if named and high < len(names) else str(high)
    spellings: dict[str, tuple[str, set[int], bool]] = {
        "value": (a, {low}, False),
        "range": (f"{a}-{b}", {n % 7 if last == 6 else n for n in range(low, high + 1)}, False),
        "steps": (
            f"{a}-{b}/{step}",
            {n % 7 if last == 6 else n for n in range(low, high + 1, step)},
            False,
        ),
        "*": ("*", set(whole), True),
        "*/": (f"*/{step}", set(whole[::step]), step == 1),
        "/": (f"{low}/{step}", set(range(low, last + 1, step)), False),
    }
    return spellings[form]


@st.composite
def crons(draw: st.DrawFn) -> Spelt:
    """Random crons, dense and rare, among them some that never fire."""
    kinds = ((0, 59, ""), (0, 23, ""), (1, 31, ""), (1, 12, MONTHS), (0, 6, WEEKDAYS))
    texts, fields, stars = [], [], []
    for first, last, names in kinds:
        star = last != 59 and draw(st.booleans())
        parts = [("*", set(range(first, last + 1)), True)]
        if not star:
            parts = draw(st.lists(items(first, last, names.split()), min_size=1, max_size=3))
        texts.append(",".join(text for text, _, _ in parts))
        fields.append(frozenset(n for _, values, _ in parts for n in values))
        stars.append(any(is_star for _, _, is_star in parts))
    return Spelt(" ".join(texts), tuple(fields), not stars[2] and not stars[4])


Plan = tuple[Spelt, Spelt] | tuple[Spelt, int] | tuple[datetime, datetime]


class Walker:
    """One window, told each minute which wall-clock minutes have just been reached."""

    def __init__(self, plan: Plan, zone: ZoneInfo, begin: datetime) -> None:
        self.plan = plan
        reached = begin.astimezone(zone).replace(tzinfo=None)
        latest = [
            first_shown(next(part.times(reached, -1), None), zone)
            for part in plan
            if isinstance(part, Spelt)
        ]
        self.latest = [*latest, None, None]

    def open_at(self, now: datetime, new: list[datetime], reached: datetime) -> bool:
        """Whether the window is open now."""
        for n, part in enumerate(self.plan):
            if isinstance(part, Spelt) and any(part.at(wall) for wall in new):
                self.latest[n] = now
        first, second = self.plan
        started, ended = self.latest[:2]
        if isinstance(first, datetime) and isinstance(second, datetime):
            return first <= reached < second
        if started is None or isinstance(second, int):
            return started is not None and now < started + self.plan_length()
        return ended is None or started > ended

    def plan_length(self) -> timedelta:
        """The length of a window that has one."""
        second = self.plan[1]
        return second * MINUTE if isinstance(second, int) else timedelta()


def first_shown(wall: datetime | None, zone: ZoneInfo) -> datetime | None:
    """The first minute at which a clock shows `wall` or later, found by looking at it."""
    if wall is None:
        return None
    now = wall.replace(tzinfo=UTC) - 15 * HOUR
    while now.astimezone(zone).replace(tzinfo=None) < wall:
        now += MINUTE
    return now


def walk(
    windows: list[Plan], without: list[Plan], zone: ZoneInfo, begin: datetime, minutes: int
) -> list[bool]:
    """Openness of each minute from `begin` on."""
    now = begin - 2 * DAY
    walkers = [Walker(plan, zone, now) for plan in (*windows, *without)]
    reached = now.astimezone(zone).replace(tzinfo=None)
    found = []
    while now < begin + minutes * MINUTE:
        wall = now.astimezone(zone).replace(tzinfo=None)
        new = [reached + n * MINUTE for n in range(1, (wall - reached) // MINUTE + 1)]
        reached = max(reached, wall)
        states = [walker.open_at(now, new, reached) for walker in walkers]
        if now >= begin:
            found.append(any(states[: len(windows)]) and not any(states[len(windows) :]))
        now += MINUTE
    return found


@st.composite
def plans(draw: st.DrawFn, near: datetime) -> Plan:
    """A window of one of the three forms, those of two dates near the span."""
    form = draw(st.sampled_from(["to", "for", "once"]))
    if form == "to":
        return draw(crons()), draw(crons())
    if form == "for":
        return draw(crons()), draw(st.sampled_from([1, 5, 30, 60, 61, 90, 720, 1440, 2880, 20000]))
    start = near.replace(tzinfo=None) + draw(st.integers(-1500, 3000)) * MINUTE
    return start, start + draw(st.integers(1, 3000)) * MINUTE
