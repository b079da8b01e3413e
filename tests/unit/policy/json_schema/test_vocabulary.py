import re
import time
from typing import Any
from zoneinfo import available_timezones

import pytest
from jsonschema import Draft202012Validator

from voxguard.policy.json_schema.generator import OF_POLICIES, OF_TESTS
from voxguard.policy.schedules.zones import zone

DEFINITIONS: dict[str, Any] = OF_TESTS.values()["$defs"] | OF_POLICIES.values()["$defs"]


def _accepts(name: str, value: object) -> bool:
    schema: dict[str, Any] = {"$defs": DEFINITIONS, "$ref": f"#/$defs/{name}"}
    return Draft202012Validator(schema).is_valid(value)


@pytest.mark.parametrize(
    ("shape", "value"),
    [
        ("Id", "0"),
        ("Id", 9223372036854775807),
        ("Id", "9223372036854775807"),
        ("Name", "a"),
        ("Name", "a" * 63),
        ("Reference", "quiet-hours"),
        ("Reference", 110373943822540801),
        ("Duration", "1d2h3m4s"),
        ("Duration", "00000090s"),
        ("Offset", "0s"),
        ("Offset", "1h30m"),
        ("Called", "Bob the builder"),
        ("Called", -1.5),
        ("Nothing", "nothing"),
        ("Instant", "0001-01-01"),
        ("Instant", "2026-12-31T23:59:59Z"),
        ("Instant", "2026-12-31T23:59-11:30"),
        ("WallClock", "2026-12-31T23:59:59"),
        ("Cron", "  0,30\t*/2 1-31/5 jan-DEC 7,SUN  "),
        ("Cron", "000000059 23 31 12 mon"),
        ("Text", "two\nlines"),
    ],
    ids=repr,
)
def test_a_value_that_is_accepted(shape: str, value: object) -> None:
    """What the language takes, up to its limits."""
    assert _accepts(shape, value)


@pytest.mark.parametrize(
    ("shape", "value"),
    [
        ("Id", ""),
        ("Id", -1),
        ("Id", 9223372036854775808),
        ("Id", "9223372036854775808"),
        ("Id", "9999999999999999999"),
        ("Id", "00000000000000000001"),
        ("Id", True),
        ("Name", "a" * 64),
        ("Name", "a-"),
        ("Name", "Lobby"),
        ("Reference", ""),
        ("Reference", True),
        ("Reference", -1),
        ("Duration", ""),
        ("Duration", "0s"),
        ("Duration", "1s1m"),
        ("Duration", "1.5h"),
        ("Offset", "0m"),
        ("Offset", "00s"),
        ("Offset", 0),
        ("Called", ""),
        ("Called", False),
        ("Nothing", "none"),
        ("Instant", "0000-01-01"),
        ("Instant", "2026-00-01"),
        ("Instant", "2026-01-32"),
        ("Instant", "2026-01-01T24:00"),
        ("Instant", "2026-01-01T18:00+3:00"),
        ("WallClock", "2026-01-01T18:00Z"),
        ("Cron", "60 * * * *"),
        ("Cron", "* 24 * * *"),
        ("Cron", "* * 0 * *"),
        ("Cron", "* * 32 * *"),
        ("Cron", "* * * 13 *"),
        ("Cron", "* * * * 8"),
        ("Cron", "* * * MON *"),
        ("Cron", "*/00 * * * *"),
        ("Cron", "0, * * * *"),
        ("Cron", "0000000059 * * * *"),
        ("Cron", "@daily"),
        ("Cron", "* * * *"),
        ("Cron", " ".join(["0"] * 6)),
        ("Cron", "0" + ",0" * 250 + " * * * *"),
        ("TimeZone", "Europe/"),
        ("Text", "\x07"),
        ("True", 1),
    ],
    ids=repr,
)
def test_a_value_that_is_refused(shape: str, value: object) -> None:
    """What the language does not take, from its limits on."""
    assert not _accepts(shape, value)


def test_every_time_zone_is_accepted() -> None:
    """No zone of the database is spelt in a way that the pattern does not know."""
    known = [name for name in available_timezones() if zone_or_none(name)]
    assert len(known) > 400
    assert [name for name in known if not _accepts("TimeZone", name)] == []


def zone_or_none(name: str) -> object:
    """The zone of a name; None for files that are no zones."""
    try:
        return zone(name)
    except ValueError:
        return None


def test_a_long_list_is_refused_in_no_time() -> None:
    """No text makes the pattern of cron try for ever."""
    pattern = DEFINITIONS["Cron"]["pattern"]
    started = time.process_time()
    for item in ("00,", "0-0,", "*/01,", "jan,", "\t", "1"):
        assert re.search(pattern, item * 160 + "!") is None
        assert re.search(pattern, "* " * 4 + item * 160 + "!") is None
    assert time.process_time() - started < 1
