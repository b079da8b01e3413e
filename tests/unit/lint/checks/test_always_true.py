import pytest

from tests.unit.lint.tools import NIGHT, problems
from voxguard.model.problems import Level

ID = "VG202"
GUILD_ID = '"110373943822540800"'
BEFORE = NIGHT + (
    '  all: {windows: [{start: "0 0 * * *", for: 24h}]}\n'
    'lists: {none: {}, some: {entries: ["1"]}}\n'
)


def _found(rule: str) -> list[Level]:
    text = f"{BEFORE}rules:\n  r: {{{rule}}}"
    return [problem.level for problem in problems(text) if problem.check == ID]


@pytest.mark.parametrize(
    ("rule", "level"),
    [
        ("then: {mute: true}", Level.WARNING),
        ("then: {allow: true}", Level.WARNING),
        ("then: {mute: true, move: afk}", Level.ERROR),
        ("where: {kinds: [stage, voice]}, then: {disconnect: true}", Level.ERROR),
        (f"who: {{roles: [dj, {GUILD_ID}]}}, then: {{deafen: true}}", Level.WARNING),
        ("who: {lists: {none: none}}, then: {mute: true}", Level.WARNING),
        ("when: {schedule: all}, then: {mute: true}", Level.WARNING),
        ("when: {schedule: [night, all]}, then: {mute: true}", Level.WARNING),
        ("unless: {who: {lists: none}}, then: {mute: true}", Level.WARNING),
        ("then: {timeout: 1m}", Level.ERROR),
        ("escalate: {forget_after: 1d, steps: [{warn: x}, {timeout: 1m}]}", Level.ERROR),
        ("where: {occupancy: {min: 1}}, then: {mute: false}", Level.WARNING),
        ("where: {occupancy: {min: 0}}, existing: spare, then: {warn: x}", Level.WARNING),
        ("unless: {who: {account_age: {min: 7d, max: 7d}}}, then: {move: afk}", Level.ERROR),
        ("unless: {when: {time_used: {min: 3h, per: 2h}}}, then: {mute: true}", Level.WARNING),
    ],
)
def test_it_fires(rule: str, level: Level) -> None:
    """Without conditions, and with such as everybody meets; worse where members are moved."""
    assert _found(rule) == [level]


@pytest.mark.parametrize(
    "rule",
    [
        "for: 1h, then: {move: afk}",
        "where: {kinds: voice}, then: {mute: true}",
        "unless: {who: {roles: staff}}, then: {mute: true}",
        "who: {lists: {none: some}}, then: {mute: true}",
        "when: {schedule: night}, then: {mute: true}",
        "mode: off, then: {disconnect: true}",
        "where: {occupancy: {min: 2}}, then: {timeout: 1m}",
        "who: {account_age: {min: 1s}}, then: {timeout: 1m}",
        "unless: {who: {membership_age: {min: 1s}}}, then: {timeout: 1m}",
        "when: {entries: {min: 1, within: 1h}}, then: {timeout: 1m}",
        f"who: {{roles: {{all: [dj, {GUILD_ID}]}}}}, then: {{deafen: true}}",
    ],
)
def test_it_does_not_fire(rule: str) -> None:
    """Where one kind, role, entry or hour is left out, with `for`, and at rules that are off."""
    assert _found(rule) == []
