import pytest

from tests.unit.lint.tools import problems

ID = "VG305"


def _found(zone: str, schedule: str) -> list[str]:
    rule = "{where: lobby, when: {schedule: s}, then: {mute: true}}"
    text = f"schedules:\n  s: {{timezone: {zone}, {schedule}}}\nrules:\n  r: {rule}\n"
    return [each.message for each in problems(text) if each.check == ID]


BERLIN = "Europe/Berlin"


@pytest.mark.parametrize(
    ("zone", "schedule", "said"),
    [
        (
            "Europe/Berlin",
            'windows: [{start: "0 2 * * *", for: 1h}]',
            "02:00 to 03:00 on 2026-03-29",
        ),
        (
            "Europe/Berlin",
            'windows: [{start: "0 20 * * *", end: "59 2 * * sun"}]',
            "comes at 03:00",
        ),
        ("America/New_York", 'windows: [{start: "0 1 1-7 11 *", for: 2h}]', "twice"),
        (
            "Europe/Berlin",
            "windows: [{from: 2026-10-25T02:00, to: 2026-10-26}]",
            "the first time only",
        ),
        (BERLIN, "windows: [{from: 2027-01-01, to: 2027-03-28T02:59:59}]", "skip"),
        (
            "Australia/Lord_Howe",
            'windows: [{start: "0 0 * * *", for: 9h}], except: [{start: "15 2 * * *", for: 1h}]',
            "skip 02:00 to 02:30 on 2026-10-04",
        ),
    ],
)
def test_it_fires(zone: str, schedule: str, said: str) -> None:
    """At skipped and repeated times, of any length, of crons and single windows."""
    (message,) = _found(zone, schedule)
    assert said in message


@pytest.mark.parametrize(
    ("zone", "schedule"),
    [
        ("Europe/Moscow", 'windows: [{start: "30 2 * * *", for: 1h}]'),
        (BERLIN, 'windows: [{start: "0 3 * * *", end: "59 1 * * *"}]'),
        (BERLIN, 'windows: [{start: "0 * * * *", for: 30m}]'),
        (BERLIN, 'windows: [{start: "30 2 * * mon-fri", for: 1h}]'),
        (BERLIN, 'windows: [{start: "30 2 1-20 * *", for: 1h}]'),
        (BERLIN, "windows: [{from: 2026-10-24T02:30, to: 2026-10-25T03:00}]"),
        ("America/New_York", 'windows: [{start: "30 2 * 11 *", for: 1h}]'),
    ],
)
def test_it_does_not_fire(zone: str, schedule: str) -> None:
    """In zones without changes, beside the hour, on other days, and where no hour is missed."""
    assert _found(zone, schedule) == []
