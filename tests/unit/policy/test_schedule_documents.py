from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from voxguard.policy.resolved import GuildPolicy

Problems = Callable[..., list[str]]


def test_all_three_forms_of_windows_and_exceptions(load_guild: Callable[..., GuildPolicy]) -> None:
    """Cron to cron, cron plus a length, and once; the same for exceptions."""
    guild = load_guild(
        "schedules:\n"
        "  all:\n"
        "    timezone: UTC\n"
        "    windows:\n"
        '      - {start: "0 22 * * *", end: "0 8 * * *"}\n'
        '      - {start: "0 0 * * SAT", for: 48h}\n'
        "      - {from: 2026-12-31T20:00, to: 2027-01-01T12:00:30}\n"
        "    except:\n"
        "      - {from: 2026-12-24, to: 2026-12-27}\n"
        '      - {start: "0 23 * * *", for: 1m}\n'
        '      - {start: "0 1 * * *", end: "0 2 * * *"}\n'
    )
    schedule = guild.schedules["all"]
    assert len(schedule.windows) == 3
    assert len(schedule.exceptions) == 3
    until = schedule.at(datetime(2026, 12, 31, 20, tzinfo=UTC)).until
    assert until == datetime(2026, 12, 31, 23, tzinfo=UTC)


def test_a_schedule_without_a_zone_takes_the_guilds(load_guild: Callable[..., GuildPolicy]) -> None:
    """The guild is in Moscow, three hours ahead of UTC."""
    guild = load_guild('schedules: {one: {windows: [{start: "0 8 * * *", for: 1h}]}}\n')
    opening = guild.schedules["one"].at(datetime(2026, 3, 2, tzinfo=UTC)).until
    assert opening == datetime(2026, 3, 2, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{windows: []}", "8:18 VG012 This list is empty."),
        ("{}", "8:8 VG010 The key `windows` is missing here."),
        ("{windows: {start: x}}", "8:18 VG011 A list is expected here, not a mapping."),
        ("{windows: [5]}", "8:19 VG011 A window is {start, end}, {start, for} or {from, to}."),
        ("{windows: [{start: 0 8 * * *}]}", "8:19 VG010 The key `end` is missing here."),
        ("{windows: [{start: 5, for: 1h}]}", "8:27 VG302 A cron expression is expected here, not"),
        ("{windows: [{start: 0 8 * *, for: 1h}]}", "8:27 VG302 A cron expression has five fields"),
        ("{windows: [{start: 0 8 * * *, for: 0s}]}", "8:43 VG012 The duration '0s' is zero."),
        ("{windows: [{start: 0 8 * * *, fo: 1h}]}", "8:38 VG008 There is no key 'fo' here."),
        ("{windows: [{from: 2026-01-01}]}", "8:19 VG010 The key `to` is missing here."),
        ("{windows: [{from: 2026-01-02, to: 2026-01-01}]}", "8:19 VG303 `from` (2026-01-02T00:00"),
        ("{windows: [{from: 2026-01-02Z, to: 2026-01-01}]}", "8:26 VG012 '2026-01-02Z' is not an"),
        (
            "{windows: [{from: 2026-01-01T00:00Z, to: 2026-01-02}]}",
            "8:19 VG303 `from` and `to` are wall-clock times",
        ),
        ("{windows: [{start: 0 8 * * *, for: 1h}], timezone: Mars}", "8:59 VG301 There is no time"),
        ("{windows: [{start: 0 8 * * *, for: 1h}], except: 5}", "8:57 VG011 A list is expected"),
    ],
)
def test_wrong_schedules(problems_of: Problems, text: str, problem: str) -> None:
    """Zones, crons and windows are checked where they stand."""
    found = problems_of(f"schedules:\n  x:   {text}\n")
    starts = [each for each in found if each.startswith(f"guild.yaml:{problem}")]
    assert starts, found


def test_a_hint_comes_from_the_schedules_own_message(
    load_files: Callable[..., object], problems_of: Problems
) -> None:
    """What the message of a cron or zone says to do is the problem's hint."""
    found = problems_of("schedules: {x: {windows: [{start: '@daily', for: 1h}]}}\n")
    assert found == ["guild.yaml:7:35 VG302 `@daily` is a shorthand that is not understood."]
