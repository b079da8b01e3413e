"""Schedules against an evaluator that walks minute by minute and shares no code with them."""

from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.properties.schedule_walk import (
    HOUR,
    MINUTE,
    Plan,
    Spelt,
    crons,
    first_shown,
    plans,
    walk,
)
from voxguard.policy.schedules import (
    Cron,
    CronFor,
    CronToCron,
    Interval,
    Once,
    Schedule,
    open_intervals,
    resolve_wall,
)

EXAMPLES = settings().max_examples
# Days that see a change of the clocks, by an hour, half an hour or a day, forward and back.
CHANGES = {
    "Europe/Berlin": ("2026-03-29", "2026-10-25", "2099-03-29"),
    "America/New_York": ("2026-03-08", "2026-11-01"),
    "Australia/Lord_Howe": ("2026-04-04", "2026-10-03"),
    "Pacific/Apia": ("2011-12-30", "2011-09-24"),
    "Pacific/Kwajalein": ("1993-08-21",),
    "Africa/Casablanca": ("2024-03-10", "2024-04-14"),
    "Asia/Tehran": ("2022-03-21", "2022-09-21"),
    "America/Havana": ("2026-03-08", "2026-11-01"),
    "Europe/Moscow": ("2011-03-27", "2014-10-26", "2026-03-29"),
    "Asia/Kathmandu": ("1985-12-31",),
    "Antarctica/Troll": ("2026-03-29", "2026-10-25"),
    "UTC": ("2026-12-31",),
}


@given(crons(), st.datetimes(datetime(1975, 1, 1), datetime(2150, 1, 1)))  # noqa: DTZ001
@settings(max_examples=10 * EXAMPLES)
def test_times_are_those_of_the_sets(spelt: Spelt, wall: datetime) -> None:
    """The next and the last time of any cron are those that its sets say."""
    cron, minute = Cron.parse(spelt.text), wall.replace(second=0, microsecond=0)
    assert cron.next_after(wall) == next(spelt.times(minute + MINUTE, 1), None)
    assert cron.last_until(wall) == next(spelt.times(minute, -1), None)
    plain = [
        field if field == "*" else ",".join(map(str, sorted(values, reverse=True)))
        for field, values in zip(spelt.text.split(), spelt.fields, strict=True)
    ]
    if not any("*" in field and field != "*" for field in spelt.text.split()):
        assert Cron.parse(" ".join(plain)).canonical == cron.canonical


def built(plan: Plan) -> CronToCron | CronFor | Once:
    """The window of the package for a plan."""
    first, second = plan
    if isinstance(first, Spelt):
        if isinstance(second, Spelt):
            return CronToCron(Cron.parse(first.text), Cron.parse(second.text))
        assert isinstance(second, int)
        return CronFor(Cron.parse(first.text), second * MINUTE)
    assert isinstance(second, datetime)
    return Once(first, second)


@given(st.data())
@settings(suppress_health_check=list(HealthCheck))
def test_openness_is_that_of_a_walk_through_time(data: st.DataObject) -> None:
    """Open or not, and the first flip from any instant, are what a walk finds."""
    name = data.draw(st.sampled_from(sorted(CHANGES)))
    day = datetime.fromisoformat(data.draw(st.sampled_from(CHANGES[name]))).replace(tzinfo=UTC)
    begin, zone = day - data.draw(st.integers(0, 36)) * HOUR, ZoneInfo(name)
    windows = data.draw(st.lists(plans(begin), min_size=1, max_size=3))
    without = data.draw(st.lists(plans(begin), max_size=2))
    schedule = Schedule(zone, tuple(map(built, windows)), tuple(map(built, without)))
    states = walk(windows, without, zone, begin, 2 * 1440)
    at = [begin + n * MINUTE for n in range(len(states) + 1)]
    flips = [0, *(n for n, pair in enumerate(pairwise(states), 1) if pair[0] != pair[1])]
    stretches = list(pairwise([*flips, len(states)]))
    for start, end in stretches:
        for n in data.draw(st.permutations([start, (start + end) // 2, end - 1])):
            answer = schedule.at(at[n])
            assert answer == Schedule(zone, schedule.windows, schedule.exceptions).at(at[n])
            assert answer.is_open is states[n]
            assert answer.ask_again_at is None or answer.ask_again_at > at[n]
            if end == len(states):
                assert answer.until is None or answer.until >= at[end]
            elif answer.until is None:
                assert answer.ask_again_at is not None
                assert answer.ask_again_at <= at[end]
            else:
                assert answer.until == answer.ask_again_at == at[end]
    expected = [Interval(at[a], at[b]) for a, b in stretches if states[a]]
    assert list(open_intervals(schedule, begin, at[-1])) == expected


@given(st.sampled_from(sorted(CHANGES)), st.integers(-40 * 60, 40 * 60), st.data())
@settings(max_examples=3 * EXAMPLES)
def test_a_wall_time_is_when_a_clock_first_shows_it(
    name: str, minutes: int, data: st.DataObject
) -> None:
    """The instant of a wall time is the first minute at which a clock shows it or later."""
    day = datetime.fromisoformat(data.draw(st.sampled_from(CHANGES[name])))
    wall = day + minutes * MINUTE
    assert resolve_wall(wall, ZoneInfo(name)) == first_shown(wall, ZoneInfo(name))
