"""Days on the clocks of zones, and the time just past."""

from datetime import UTC, datetime, timedelta

import pytest

from voxguard.policy.schedules.zones import zone
from voxguard.policy.spans import Day, Rolling

MOMENT = timedelta(microseconds=1)

# Zone, beginning and end of a day in UTC; each from the history of the zone, not from the code.
DAYS = [
    ("UTC", "2026-03-02T00:00", "2026-03-03T00:00"),
    ("Europe/Moscow", "2026-03-01T21:00", "2026-03-02T21:00"),
    ("Asia/Kathmandu", "2026-03-01T18:15", "2026-03-02T18:15"),
    # Forward and back in the night: 23 and 25 hours.
    ("Europe/Berlin", "2026-03-28T23:00", "2026-03-29T22:00"),
    ("Europe/Berlin", "2026-10-24T22:00", "2026-10-25T23:00"),
    ("America/New_York", "2026-03-08T05:00", "2026-03-09T04:00"),
    ("America/New_York", "2026-11-01T04:00", "2026-11-02T05:00"),
    # Half an hour, and two hours.
    ("Australia/Lord_Howe", "2026-04-04T13:00", "2026-04-05T13:30"),
    ("Australia/Lord_Howe", "2026-10-03T13:30", "2026-10-04T13:00"),
    ("Antarctica/Troll", "2026-03-29T00:00", "2026-03-29T22:00"),
    # Forward at midnight: the day begins at 01:00.
    ("America/Sao_Paulo", "2017-10-15T03:00", "2017-10-16T02:00"),
    ("Africa/Cairo", "2024-04-25T22:00", "2024-04-26T21:00"),
    ("Asia/Beirut", "2026-03-28T22:00", "2026-03-29T21:00"),
    ("Asia/Tehran", "2022-03-21T20:30", "2022-03-22T19:30"),
    ("America/Havana", "2025-03-09T05:00", "2025-03-10T04:00"),
    # Back at midnight: the day that ends has its last hour twice.
    ("America/Sao_Paulo", "2017-02-18T02:00", "2017-02-19T03:00"),
    ("Africa/Cairo", "2024-10-30T21:00", "2024-10-31T22:00"),
    ("Asia/Beirut", "2026-10-23T21:00", "2026-10-24T22:00"),
    ("Asia/Tehran", "2022-09-20T19:30", "2022-09-21T20:30"),
    # Back to midnight, and a minute after it to 23:01: midnight comes twice, the first time counts.
    ("America/Havana", "2025-11-02T04:00", "2025-11-03T05:00"),
    ("America/St_Johns", "2010-11-07T02:30", "2010-11-08T03:30"),
    ("America/St_Johns", "2010-11-06T02:30", "2010-11-07T02:30"),
    # Over the date line: 30 December 2011 and 21 August 1993 did not happen.
    ("Pacific/Apia", "2011-12-29T10:00", "2011-12-30T10:00"),
    ("Pacific/Apia", "2011-12-30T10:00", "2011-12-31T10:00"),
    ("Pacific/Kwajalein", "1993-08-20T12:00", "1993-08-21T12:00"),
    ("Pacific/Kwajalein", "1993-08-21T12:00", "1993-08-22T12:00"),
]


@pytest.mark.parametrize(("name", "begins", "ends"), DAYS)
def test_a_day_runs_from_local_midnight_to_the_next(name: str, begins: str, ends: str) -> None:
    """From its first instant to the last before the next one it is the same day."""
    day = Day(zone(name))
    begins_at = datetime.fromisoformat(begins).replace(tzinfo=UTC)
    ends_at = datetime.fromisoformat(ends).replace(tzinfo=UTC)
    hour = timedelta(hours=1)
    within = [
        begins_at + hour * number for number in range(26) if hour * number < ends_at - begins_at
    ]
    for at in (*within, ends_at - MOMENT):
        assert (day.begins_at(at), day.ends_at(at)) == (begins_at, ends_at)
    assert day.begins_at(ends_at) == ends_at
    assert day.ends_at(begins_at - MOMENT) == begins_at
    assert ends_at - begins_at <= day.length


def test_the_clock_that_goes_back_over_midnight_stays_in_the_new_day() -> None:
    """At 23:15 for the second time the day that began at midnight goes on."""
    day = Day(zone("America/St_Johns"))
    at = datetime(2010, 11, 7, 2, 45, tzinfo=UTC)
    assert at.astimezone(day.zone).strftime("%d %H:%M") == "06 23:15"
    assert day.begins_at(at) == datetime(2010, 11, 7, 2, 30, tzinfo=UTC)


def test_the_meaning_of_a_span() -> None:
    """A day and its zone, or a length in seconds."""
    assert Day(zone("Europe/Moscow")).canonical() == ["day", "Europe/Moscow"]
    assert Rolling(timedelta(days=1)).canonical() == 86_400
    assert Rolling(timedelta(days=1)) != Rolling(timedelta(hours=23))
