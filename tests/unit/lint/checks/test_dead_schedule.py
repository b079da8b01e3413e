from datetime import UTC, datetime

import pytest

from tests.unit.lint.tools import lines, problems

ID = "VG304"
COMING = "{from: 2027-01-01, to: 2027-02-01}"


def _text(schedule: str) -> str:
    rule = "{where: lobby, when: {schedule: {none: s}}, then: {mute: true}}"
    return f"schedules:\n  s: {{{schedule}}}\nrules:\n  r: {rule}\n"


@pytest.mark.parametrize(
    ("schedule", "said"),
    [
        ("windows: [{from: 2026-02-01, to: 2026-03-02T15:00:00}]", "ended on 2026-03-02"),
        ('windows: [{start: "0 0 30 2 *", for: 1h}]', "No date fits"),
        ('windows: [{start: "0 8 * * *", end: "0 0 31 4,6 *"}]', "No date fits"),
        ('windows: [{start: "0 22 * * *", end: "0 22 * * *"}]', "never opens"),
        (
            'windows: [{start: "0 9 * * *", for: 1h}], except: [{start: "0 0 * * *", for: 24h}]',
            "never opens",
        ),
        (
            f"windows: [{COMING}], except: [{{from: 2026-01-01, to: 2028-01-01}}]",
            "never opens",
        ),
    ],
)
def test_it_fires(schedule: str, said: str) -> None:
    """When all is over, at dates that do not exist, and where nothing is left open."""
    (found,) = (each for each in problems(_text(schedule)) if each.check == ID)
    assert said in found.message


@pytest.mark.parametrize(
    "schedule",
    [
        "windows: [{from: 2026-02-01, to: 2026-03-02T15:00:01}]",
        "windows: [{from: 2020-01-01, to: 2020-01-02}, {from: 2027-01-01, to: 2027-01-02}]",
        'windows: [{start: "0 0 29 2 *", for: 1h}]',
        'windows: [{start: "0 0 30 2 mon", for: 1h}]',
        'windows: [{start: "0 22 * * *", end: "1 22 * * *"}]',
    ],
)
def test_it_does_not_fire(schedule: str) -> None:
    """While a second is left, and at what comes seldom."""
    assert lines(ID, _text(schedule)) == []


def test_the_instant_of_the_run_decides() -> None:
    """A window that is to come is dead when it is over."""
    text = _text("windows: [{from: 2027-01-01, to: 2027-01-02}]")
    assert lines(ID, text) == []
    assert lines(ID, text, datetime(2027, 1, 1, 20, 59, tzinfo=UTC)) == []
    assert lines(ID, text, datetime(2027, 1, 1, 21, tzinfo=UTC)) == [2]
