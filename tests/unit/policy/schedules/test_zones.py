from datetime import UTC, datetime, timedelta

import pytest

from voxguard.policy.schedules.zones import reached_wall, resolve_wall, zone

# Zone, wall time, instant; each taken from the history of the zone, not from the code.
RESOLVED = [
    ("UTC", "2026-03-29T02:30", "2026-03-29T02:30"),
    ("Europe/Moscow", "2026-03-29T02:30", "2026-03-28T23:30"),
    # 02:00 to 03:00 on the last Sunday of March, back at 03:00 in October.
    ("Europe/Berlin", "2026-03-29T01:59", "2026-03-29T00:59"),
    ("Europe/Berlin", "2026-03-29T02:00", "2026-03-29T01:00"),
    ("Europe/Berlin", "2026-03-29T02:30", "2026-03-29T01:00"),
    ("Europe/Berlin", "2026-03-29T02:59:59.5", "2026-03-29T01:00"),
    ("Europe/Berlin", "2026-03-29T03:00", "2026-03-29T01:00"),
    ("Europe/Berlin", "2026-03-29T03:01", "2026-03-29T01:01"),
    ("Europe/Berlin", "2026-10-25T01:59", "2026-10-24T23:59"),
    ("Europe/Berlin", "2026-10-25T02:30", "2026-10-25T00:30"),
    ("Europe/Berlin", "2026-10-25T03:00", "2026-10-25T02:00"),
    ("America/New_York", "2026-03-08T02:30", "2026-03-08T07:00"),
    ("America/New_York", "2026-11-01T01:30", "2026-11-01T05:30"),
    # Half an hour: forward at 02:00 in October, back at 02:00 in April.
    ("Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-03T15:30"),
    ("Australia/Lord_Howe", "2026-10-04T02:30", "2026-10-03T15:30"),
    ("Australia/Lord_Howe", "2026-04-05T01:45", "2026-04-04T14:45"),
    ("Australia/Lord_Howe", "2026-04-05T02:00", "2026-04-04T15:30"),
    # 30 December 2011 did not happen.
    ("Pacific/Apia", "2011-12-29T23:59", "2011-12-30T09:59"),
    ("Pacific/Apia", "2011-12-30T00:00", "2011-12-30T10:00"),
    ("Pacific/Apia", "2011-12-30T12:00", "2011-12-30T10:00"),
    ("Pacific/Apia", "2011-12-31T00:00", "2011-12-30T10:00"),
    ("Pacific/Apia", "2011-12-31T00:01", "2011-12-30T10:01"),
    # Back an hour for Ramadan, forward after it: daylight saving that is negative.
    ("Africa/Casablanca", "2024-03-10T02:30", "2024-03-10T01:30"),
    ("Africa/Casablanca", "2024-04-14T02:30", "2024-04-14T02:00"),
    # At midnight, so that the day begins at 01:00; none since 2023.
    ("Asia/Tehran", "2022-03-22T00:30", "2022-03-21T20:30"),
    ("Asia/Tehran", "2022-09-21T23:30", "2022-09-21T19:00"),
    ("Asia/Tehran", "2026-03-22T00:30", "2026-03-21T21:00"),
    # Until 1972 its offset was not of whole minutes.
    ("Africa/Monrovia", "1971-06-01T00:00", "1971-06-01T00:44:30"),
    ("Africa/Monrovia", "1972-01-07T00:15", "1972-01-07T00:44:30"),
]


@pytest.mark.parametrize(("name", "wall", "instant"), RESOLVED)
def test_a_wall_time_is_one_instant(name: str, wall: str, instant: str) -> None:
    """A skipped time is the first instant after the gap, a repeated one its first pass."""
    resolved = resolve_wall(datetime.fromisoformat(wall), zone(name))
    assert resolved == datetime.fromisoformat(instant).replace(tzinfo=UTC)
    assert resolved.tzinfo is UTC


@pytest.mark.parametrize(
    ("name", "instant", "wall"),
    [
        ("Europe/Berlin", "2026-03-29T00:59:59", "2026-03-29T01:59:59"),
        ("Europe/Berlin", "2026-03-29T01:00", "2026-03-29T03:00"),
        ("Europe/Berlin", "2026-10-25T00:59", "2026-10-25T02:59"),
        ("Europe/Berlin", "2026-10-25T01:00", "2026-10-25T02:59:59.999999"),
        ("Europe/Berlin", "2026-10-25T01:59", "2026-10-25T02:59:59.999999"),
        ("Europe/Berlin", "2026-10-25T02:00", "2026-10-25T03:00"),
        ("Australia/Lord_Howe", "2026-04-04T15:15:00.25", "2026-04-05T01:59:59.999999"),
    ],
)
def test_what_a_clock_has_shown_never_goes_back(name: str, instant: str, wall: str) -> None:
    """In the second pass of a repeated hour the end of the first has been reached."""
    asked = datetime.fromisoformat(instant).replace(tzinfo=UTC)
    assert reached_wall(asked, zone(name)) == datetime.fromisoformat(wall)


@pytest.mark.parametrize(("name", "wall", "instant"), RESOLVED)
def test_the_two_mappings_agree(name: str, wall: str, instant: str) -> None:
    """A wall time has been reached exactly from its instant on."""
    at, shown = datetime.fromisoformat(instant).replace(tzinfo=UTC), datetime.fromisoformat(wall)
    assert reached_wall(at, zone(name)) >= shown
    assert reached_wall(at - timedelta(seconds=1), zone(name)) < shown


@pytest.mark.parametrize("name", ["UTC", "Europe/Moscow", "Etc/GMT+3", "America/Indiana/Knox"])
def test_a_zone_goes_by_its_iana_name(name: str) -> None:
    """Every name of the database is a zone."""
    assert zone(name).key == name


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("europe/moscow", "there is no time zone `europe/moscow`; did you mean Europe/Moscow"),
        ("Moscow", "did you mean Europe/Moscow"),
        ("New York", "did you mean America/New_York"),
        ("Europe/Berlim", "did you mean Europe/Berlin"),
        ("localtime", "there is no time zone `localtime`"),
        ("Factory", "there is no time zone `Factory`"),
        ("../../etc/passwd", "write a name of the IANA database"),
        ("/usr/share/zoneinfo/UTC", "there is no time zone"),
        ("", "there is no time zone ``"),
        ("Europe/", "there is no time zone `Europe/`"),
        ("x" * 5000, "no time zone has a name of 5000 characters"),
    ],
)
def test_an_unknown_zone_names_what_is_close(name: str, says: str) -> None:
    """A name that is not in the database is a ValueError that names close ones."""
    with pytest.raises(ValueError, match=r".") as caught:
        zone(name)
    assert says in str(caught.value)
