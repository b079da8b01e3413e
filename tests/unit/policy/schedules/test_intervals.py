from datetime import UTC, datetime, timedelta

from voxguard.policy.schedules import (
    Cron,
    CronFor,
    CronToCron,
    Interval,
    Once,
    Schedule,
    open_intervals,
    zone,
)

QUIET = CronToCron(Cron.parse("0 22 * * *"), Cron.parse("0 8 * * *"))
DAY = CronToCron(Cron.parse("0 8 * * *"), Cron.parse("0 22 * * *"))


def instant(text: str) -> datetime:
    """An instant in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def shown(schedule: Schedule, from_: str, to: str) -> list[tuple[str, str]]:
    """The open intervals as text."""
    found = open_intervals(schedule, instant(from_), instant(to))
    return [(f"{each.start:%m-%dT%H:%M}", f"{each.end:%m-%dT%H:%M}") for each in found]


def test_intervals_come_in_order_and_clipped() -> None:
    """The first and the last interval are cut at the span's ends."""
    quiet = Schedule(zone("UTC"), (QUIET,))
    assert shown(quiet, "2026-03-02T00:00", "2026-03-03T23:00") == [
        ("03-02T00:00", "03-02T08:00"),
        ("03-02T22:00", "03-03T08:00"),
        ("03-03T22:00", "03-03T23:00"),
    ]


def test_intervals_that_touch_are_one() -> None:
    """Windows that follow on each other make one interval, however long the span."""
    always = Schedule(zone("UTC"), (QUIET, DAY))
    assert list(open_intervals(always, instant("2026-01-01"), instant("2028-01-01"))) == [
        Interval(instant("2026-01-01"), instant("2028-01-01"))
    ]


def test_the_hours_of_a_change_are_their_length() -> None:
    """Nine hours in spring, eleven in autumn."""
    berlin = Schedule(zone("Europe/Berlin"), (QUIET,))
    for day, hours in (("2026-03-28", 9), ("2026-03-29", 10), ("2026-10-24", 11)):
        start = instant(day) + timedelta(hours=12)
        (interval,) = open_intervals(berlin, start, start + timedelta(days=1))
        assert interval.end - interval.start == timedelta(hours=hours)


def test_closed_all_along_gives_nothing() -> None:
    """No interval where it is never open, and none in an empty or backward span."""
    date = Once(datetime.fromisoformat("2026-05-01"), datetime.fromisoformat("2026-05-02"))
    may = Schedule(zone("UTC"), (date,))
    assert shown(may, "2026-03-01", "2026-05-01") == []
    assert shown(may, "2026-05-02", "2027-05-02") == []
    assert shown(may, "2026-05-01", "2026-05-01") == []
    assert shown(may, "2026-05-02", "2026-05-01") == []


def test_a_cron_that_reads_badly_elsewhere_is_read_right() -> None:
    """`3-3` is three o'clock alone, not every hour."""
    three = Schedule(zone("UTC"), (CronFor(Cron.parse("0 3-3 * * *"), timedelta(hours=1)),))
    assert shown(three, "2026-03-02", "2026-03-03") == [("03-02T03:00", "03-02T04:00")]
