from datetime import timedelta

import pytest

from tests.unit.lint.tools import NOW, lines, problems, sources, with_guild
from voxguard.lint.report import lint

ID = "VG404"
STEPS = "steps: [{warn: x}, {mute: true}]"


def _found(rule: str) -> list[int]:
    return lines(ID, f"rules:\n  r: {{where: lobby, {rule}}}\n")


@pytest.mark.parametrize(
    "rule",
    [
        f"escalate: {{forget_after: 30d1s, {STEPS}}}",
        "then: {mute: true}, cooldown: 31d",
        "then: {mute: true}, when: {time_used: {min: 1h, per: 31d}}",
        "then: {mute: true}, unless: {when: {time_used: {min: 1h, per: 60d}}}",
    ],
)
def test_it_fires(rule: str) -> None:
    """Wherever a rule looks back on what the database may not know any more."""
    assert _found(rule) == [2]


@pytest.mark.parametrize(
    "rule",
    [
        f"escalate: {{forget_after: 30d, {STEPS}}}",
        "then: {mute: true}, cooldown: 30d",
        "then: {mute: true}, when: {time_used: {min: 1h, per: 30d}}",
        "then: {mute: true}, when: {time_used: {min: 1h, per: day}}",
        "then: {mute: true}, for: 31d",
        "then: {mute: true, hold: 31d}",
    ],
)
def test_it_does_not_fire(rule: str) -> None:
    """Exactly as far is not too far; a day is short; `for` and `hold` look at nothing past."""
    assert _found(rule) == []


def test_what_is_kept_for_good_is_never_too_old() -> None:
    """Without the setting nothing is said."""
    rule = f"rules: {{r: {{where: lobby, escalate: {{forget_after: 90d, {STEPS}}}}}}}"
    assert [each for each in problems(rule) if each.check == ID]
    for retention in (None, timedelta(days=90)):
        found = lint(sources(with_guild(rule)), NOW, retention=retention)
        assert not [each for each in found.problems if each.check == ID]
