import json
import pickle
from datetime import UTC, datetime, timedelta, timezone

import pytest

from voxguard.policy.schedules import FIRST_AT, LAST_AT, Cron, CronFor, CronToCron, Once, Schedule
from voxguard.policy.schedules.windows import Window
from voxguard.policy.schedules.zones import zone

QUIET = CronToCron(Cron.parse("0 22 * * *"), Cron.parse("0 8 * * *"))
WEEKEND = CronFor(Cron.parse("0 0 * * SAT"), timedelta(hours=48))
NEW_YEAR = Once(datetime.fromisoformat("2026-12-31T20:00"), datetime.fromisoformat("2027-01-01T12"))
HOLIDAYS = Once(datetime.fromisoformat("2026-12-24"), datetime.fromisoformat("2026-12-27"))
ALWAYS = CronFor(Cron.parse("0 * * * *"), timedelta(hours=1))


def instant(text: str) -> datetime:
    """An instant in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def schedule(*windows: Window, without: tuple[Window, ...] = (), of: str = "UTC") -> Schedule:
    """A schedule of windows and exceptions in a zone."""
    return Schedule(zone(of), windows, without)


def test_it_is_open_when_any_window_is() -> None:
    """The windows' union counts, and `until` is where the union ends, not one window."""
    both = schedule(QUIET, WEEKEND)
    assert both.at(instant("2026-03-05T21:00")).until == instant("2026-03-05T22:00")
    openness = both.at(instant("2026-03-06T22:00"))
    assert (openness.is_open, openness.until) == (True, instant("2026-03-09T08:00"))


def test_no_exception_may_be_open() -> None:
    """An exception closes the schedule for as long as it lasts, in any of the three forms."""
    friday = CronFor(Cron.parse("0 23 * * FRI"), timedelta(hours=2))
    thursday = CronToCron(Cron.parse("0 23 * * THU"), Cron.parse("0 1 * * FRI"))
    quiet = schedule(QUIET, without=(HOLIDAYS, friday, thursday))
    assert quiet.at(instant("2026-12-23T23:59")).until == instant("2026-12-24T00:00")
    assert quiet.at(instant("2026-12-24T00:00")).until == instant("2026-12-27T00:00")
    assert quiet.at(instant("2026-12-27T00:00")).until == instant("2026-12-27T08:00")
    assert quiet.at(instant("2026-03-06T22:30")).until == instant("2026-03-06T23:00")
    assert quiet.at(instant("2026-03-06T23:30")).until == instant("2026-03-07T01:00")
    assert not quiet.at(instant("2026-03-05T23:30")).is_open


def test_windows_and_exceptions_that_change_together_do_not_flip() -> None:
    """A boundary at which one window hands over to another is no flip."""
    day = CronToCron(Cron.parse("0 8 * * *"), Cron.parse("0 22 * * *"))
    openness = schedule(QUIET, day).at(instant("2026-03-05T12:00"))
    assert openness.is_open
    assert openness.until is None
    assert openness.ask_again_at is not None


@pytest.mark.parametrize(
    ("window", "of", "opens", "closes"),
    [
        # The start falls into the skipped hour: the first instant after it.
        (CronFor(Cron.parse("30 2 29 3 *"), timedelta(hours=1)), "Europe/Berlin", "01:00", "02:00"),
        # The end falls into the skipped hour.
        (
            CronToCron(Cron.parse("0 1 29 3 *"), Cron.parse("15 2 * * *")),
            "Europe/Berlin",
            "00:00",
            "01:00",
        ),
        # Elapsed time: 01:30 for an hour ends at 03:30 on the clock.
        (CronFor(Cron.parse("30 1 29 3 *"), timedelta(hours=1)), "Europe/Berlin", "00:30", "01:30"),
        # Starts that the gap moves onto one instant are one.
        (
            CronFor(Cron.parse("0,20,40 2 29 3 *"), timedelta(minutes=5)),
            "Europe/Berlin",
            "01:00",
            "01:05",
        ),
    ],
)
def test_boundaries_in_a_skipped_hour(window: Window, of: str, opens: str, closes: str) -> None:
    """A boundary in a skipped hour happens at the first instant after the gap."""
    opened = schedule(window, of=of).at(instant("2026-03-28T23:00")).until
    assert opened == instant(f"2026-03-29T{opens}")
    assert schedule(window, of=of).at(opened).until == instant(f"2026-03-29T{closes}")


@pytest.mark.parametrize(
    ("window", "flips"),
    [
        (CronFor(Cron.parse("30 2 25 10 *"), timedelta(minutes=10)), ["00:30", "00:40"]),
        # Two and a half hours of elapsed time from 01:30 to 03:00 on the clock.
        (
            CronToCron(Cron.parse("30 1 25 10 *"), Cron.parse("0 3 * * *")),
            ["2026-10-24T23:30", "02:00"],
        ),
        # The end at 02:15 happens in the first pass alone.
        (
            CronToCron(Cron.parse("0 2,3 25 10 *"), Cron.parse("15 2,3 * * *")),
            ["00:00", "00:15", "02:00", "02:15"],
        ),
        # Every minute for a minute is open but in the second pass, which has no minutes.
        (CronFor(Cron.parse("* 2,3 25 10 *"), timedelta(minutes=1)), ["00:00", "01:00", "02:00"]),
    ],
)
def test_boundaries_in_a_repeated_hour(window: Window, flips: list[str]) -> None:
    """A boundary in a repeated hour happens once, at its first occurrence."""
    berlin, now = schedule(window, of="Europe/Berlin"), instant("2026-10-24T23:00")
    for flip in flips:
        expected = instant(flip if "T" in flip else f"2026-10-25T{flip}")
        openness = berlin.at(now)
        assert openness.until == expected
        now = expected


def test_at_one_instant_the_end_wins() -> None:
    """A start and an end that fall together, also by way of a gap, leave it closed."""
    utc = schedule(CronToCron(Cron.parse("0 9 * * *"), Cron.parse("0 9,10 * * *")))
    assert not utc.at(instant("2026-03-02T09:30")).is_open
    gap = CronToCron(Cron.parse("45 2 * * *"), Cron.parse("15 2 * * *"))
    berlin = schedule(gap, of="Europe/Berlin")
    assert berlin.at(instant("2026-03-28T12:00")).until == instant("2026-03-29T01:00")
    closed = berlin.at(instant("2026-03-29T01:00"))
    assert (closed.is_open, closed.until) == (False, instant("2026-03-30T00:45"))


def test_a_skipped_day_is_one_instant() -> None:
    """All of Apia's 30 December 2011 happens at the first instant of the 31st."""
    apia = schedule(CronFor(Cron.parse("0 */6 30 12 *"), timedelta(hours=1)), of="Pacific/Apia")
    openness = apia.at(instant("2011-12-30T09:00"))
    assert (openness.is_open, openness.until) == (False, instant("2011-12-30T10:00"))
    assert apia.at(instant("2011-12-30T10:00")).until == instant("2011-12-30T11:00")


@pytest.mark.parametrize(
    ("of", "opens", "closes"),
    [
        ("Europe/Moscow", "2026-03-28T19:00", "2026-03-29T05:00"),
        ("Europe/Berlin", "2026-03-28T21:00", "2026-03-29T06:00"),
        ("America/New_York", "2026-03-29T02:00", "2026-03-29T12:00"),
        ("Australia/Lord_Howe", "2026-03-28T11:00", "2026-03-28T21:00"),
        ("Asia/Tehran", "2026-03-28T18:30", "2026-03-29T04:30"),
    ],
)
def test_quiet_hours_follow_the_clock_of_their_zone(of: str, opens: str, closes: str) -> None:
    """22:00 to 08:00 is what the zone's clocks show, nine or ten hours of it."""
    quiet = schedule(QUIET, of=of)
    openness = quiet.at(instant(opens))
    assert (openness.is_open, openness.until) == (True, instant(closes))
    assert not quiet.at(instant(opens) - timedelta(microseconds=1)).is_open


def test_without_an_end_it_is_open_from_its_first_start() -> None:
    """A window whose end never came stays open once it started."""
    endless = schedule(CronToCron(Cron.parse("0 0 1 1 *"), Cron.parse("0 0 31 2 *")))
    openness = endless.at(instant("2026-03-02"))
    assert (openness.is_open, openness.until) == (True, None)


def test_a_memo_never_changes_an_answer() -> None:
    """Asked in any order, a schedule says what a fresh one says."""
    kept = schedule(QUIET, WEEKEND, ALWAYS, without=(HOLIDAYS,), of="Europe/Berlin")
    hours = [instant("2026-12-20") + timedelta(hours=13 * n) for n in range(20)]
    for at in [*hours, *reversed(hours), *hours[::3]]:
        assert kept.at(at) == Schedule(kept.zone, kept.windows, kept.exceptions).at(at)


def test_a_repeated_question_is_answered_from_memory() -> None:
    """Within one stretch the very same answer is given."""
    quiet = schedule(QUIET)
    first = quiet.at(instant("2026-03-02T09:00"))
    assert quiet.at(instant("2026-03-02T21:59:59.999999")) is first


def test_a_search_without_a_flip_ends_and_says_where() -> None:
    """What never flips is told by `until` None, with the instant up to which that is sure."""
    openness = schedule(ALWAYS).at(instant("2026-03-02T09:00"))
    assert openness.is_open
    assert openness.until is None
    assert openness.ask_again_at is not None
    assert openness.ask_again_at > instant("2026-03-08")


def test_rare_flips_are_found_however_far_they_are() -> None:
    """Few boundaries are followed for decades, up to the end of the range."""
    leap = schedule(CronFor(Cron.parse("0 0 29 2 *"), timedelta(days=1)))
    assert leap.at(instant("2096-03-02")).until == instant("2104-02-29")
    date = schedule(NEW_YEAR)
    assert date.at(FIRST_AT).until == instant("2026-12-31T20:00")
    over = date.at(instant("2027-01-01T12:00"))
    assert (over.is_open, over.until, over.ask_again_at) == (False, None, None)


def test_impossible_dates_end_the_search() -> None:
    """A cron that never fires is no hang."""
    never = Cron.parse("0 0 30 2 *")
    closed = schedule(CronFor(never, timedelta(hours=1)), CronToCron(never, never))
    openness = closed.at(instant("2026-03-02"))
    assert (openness.is_open, openness.until, openness.ask_again_at) == (False, None, None)


@pytest.mark.parametrize(("edge", "beyond"), [(FIRST_AT, "0001-01-01"), (LAST_AT, "9999-12-31")])
def test_beyond_the_range_all_is_as_at_its_edge(edge: datetime, beyond: str) -> None:
    """Instants before 1970 and after 2200 are answered as the nearer edge."""
    for of in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        quiet = schedule(QUIET, of=of)
        assert quiet.at(instant(beyond)) == schedule(QUIET, of=of).at(edge)
    assert schedule(QUIET).at(LAST_AT) == schedule(QUIET).at(LAST_AT + timedelta(days=1))
    assert schedule(QUIET).at(LAST_AT).ask_again_at is None


def test_instants_may_come_in_any_zone() -> None:
    """An instant is the same whatever its offset; answers are in UTC."""
    at = datetime(2026, 3, 2, 12, tzinfo=timezone(timedelta(hours=3)))
    until = schedule(QUIET).at(at).until
    assert until == instant("2026-03-02T22:00")
    assert until.tzinfo is UTC


def test_a_schedule_needs_a_window() -> None:
    """A schedule that could never be open is a ValueError."""
    with pytest.raises(ValueError, match="at least one window"):
        schedule()


def test_the_canonical_form_is_the_meaning() -> None:
    """Order, repetition and spelling of windows make no difference; zone and form do."""
    spelt = CronToCron(Cron.parse("00 22 * * 0-7"), Cron.parse("0 08 */1 * *"))
    first = schedule(QUIET, WEEKEND, NEW_YEAR, without=(HOLIDAYS, QUIET))
    second = schedule(NEW_YEAR, spelt, WEEKEND, QUIET, without=(QUIET, HOLIDAYS))
    assert first.canonical() == second.canonical()
    assert json.loads(json.dumps(first.canonical())) == first.canonical()
    others = [
        schedule(QUIET, WEEKEND, NEW_YEAR, without=(HOLIDAYS, QUIET), of="Europe/Berlin"),
        schedule(QUIET, WEEKEND, NEW_YEAR),
        schedule(QUIET, WEEKEND, HOLIDAYS, without=(NEW_YEAR, QUIET)),
    ]
    assert all(other.canonical() != first.canonical() for other in others)


def test_a_schedule_survives_pickling() -> None:
    """A policy set is loaded in another process and comes back as bytes."""
    quiet = schedule(QUIET, WEEKEND, without=(HOLIDAYS,), of="Europe/Moscow")
    quiet.at(instant("2026-03-02"))
    copied = pickle.loads(pickle.dumps(quiet))  # noqa: S301 - our own bytes
    assert copied == quiet
    assert hash(copied) == hash(quiet)
    assert copied.at(instant("2026-03-03T21:00")) == quiet.at(instant("2026-03-03T21:00"))
