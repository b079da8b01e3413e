"""`then` as a whole: the order of severity, and what `hold` stands beside."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from voxguard.policy.effects.base import SEVERITY
from voxguard.policy.resolved import Rule

LoadRule = Callable[[str], Rule]
EVERY = (
    "announce: {channel: lobby, text: x}, warn: x, grant: [dj, staff], suppress: true,"
    " mute: true, deafen: true, move: afk, timeout: 1m"
)


def test_the_order_of_severity() -> None:
    """As the language lists it."""
    assert " ".join(SEVERITY) == (
        "allow disconnect timeout move deafen mute suppress grant undeafen unmute warn announce"
    )


def test_everything_at_once_is_in_order_of_severity(load_rule: LoadRule) -> None:
    """However it is written; a rule has the place of the most severe."""
    rule = load_rule(f"{{then: {{{EVERY}}}}}")
    effects = [str(want.effect) for want in rule.wants]
    assert effects == [
        *("timeout", "move", "deafen", "mute", "suppress", "grant", "grant", "warn", "announce")
    ]
    assert rule.severity == SEVERITY.index("timeout")
    lifting = load_rule("{then: {announce: {channel: lobby, text: x}, mute: false, deafen: false}}")
    assert [str(want.effect) for want in lifting.wants] == ["undeafen", "unmute", "announce"]


@pytest.mark.parametrize(
    "then",
    [
        "mute: true",
        "deafen: true",
        "suppress: true",
        "grant: dj",
        "mute: true, deafen: false",
        "warn: x, grant: dj, disconnect: true",
        "allow: true, mute: true",
    ],
)
def test_hold_stands_beside_whatever_is_held(load_rule: LoadRule, then: str) -> None:
    """And beside anything else as well."""
    rule = load_rule(f"{{then: {{{then}, hold: 1m30s}}}}")
    (step,) = rule.steps
    assert step.hold == timedelta(seconds=90)
    assert load_rule(f"{{then: {{hold: 90s, {then}}}}}").meaning == rule.meaning
    assert load_rule(f"{{then: {{{then}, hold: 91s}}}}").meaning != rule.meaning
    assert load_rule(f"{{then: {{{then}}}}}").steps[0].hold is None
