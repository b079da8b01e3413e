"""`escalate`: steps in place of `then`."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from voxguard.policy.effects.base import SEVERITY
from voxguard.policy.effects.escalate import MOST_STEPS
from voxguard.policy.resolved import Rule

LoadRule = Callable[[str], Rule]
STEPS = "[{warn: x}, {mute: true, hold: 10m}, {disconnect: true}]"


def test_each_step_has_its_effects_and_its_hold(load_rule: LoadRule) -> None:
    """In the order in which they are written."""
    rule = load_rule(f"{{escalate: {{forget_after: 7d, steps: {STEPS}}}}}")
    assert rule.forget_after == timedelta(days=7)
    assert [[str(want.effect) for want in step.wants] for step in rule.steps] == [
        ["warn"],
        ["mute"],
        ["disconnect"],
    ]
    assert [step.hold for step in rule.steps] == [None, timedelta(minutes=10), None]
    assert [str(want.effect) for want in rule.wants] == ["warn", "mute", "disconnect"]
    assert not rule.allows


def test_the_most_severe_of_all_steps_counts(load_rule: LoadRule) -> None:
    """For the place of the rule among others."""
    rule = load_rule(f"{{escalate: {{forget_after: 7d, steps: {STEPS}}}}}")
    assert rule.severity == SEVERITY.index("disconnect")
    milder = load_rule("{escalate: {forget_after: 7d, steps: [{warn: x}, {mute: false}]}}")
    assert milder.severity == SEVERITY.index("unmute")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("7d", "8d"),
        ("{warn: x}", "{warn: y}"),
        ("hold: 10m", "hold: 11m"),
        ("{warn: x}, {mute: true, hold: 10m}", "{mute: true, hold: 10m}, {warn: x}"),
        (", {disconnect: true}", ""),
    ],
)
def test_what_changes_its_meaning(load_rule: LoadRule, old: str, new: str) -> None:
    """How long it remembers, what the steps are, and their order."""
    text = f"{{escalate: {{forget_after: 7d, steps: {STEPS}}}}}"
    assert text.replace(old, new) != text
    assert load_rule(text.replace(old, new)).meaning != load_rule(text).meaning
    assert load_rule(text.replace("7d", "6d24h")).meaning == load_rule(text).meaning


def test_one_step_is_no_then(load_rule: LoadRule) -> None:
    """It counts its episodes, which changes nothing but is said."""
    single = load_rule("{escalate: {forget_after: 7d, steps: [{mute: true}]}}")
    assert (len(single.steps), single.forget_after) == (1, timedelta(days=7))
    assert load_rule("{then: {mute: true}}").forget_after is None


@pytest.mark.parametrize(
    ("escalate", "problem"),
    [
        ("{forget_after: 1h}", "VG010 The key `steps` is missing here."),
        ("{steps: [{mute: true}]}", "VG010 The key `forget_after` is missing here."),
        ("{forget_after: 0s, steps: [{mute: true}]}", "VG012 The duration '0s' is zero."),
        ("{forget_after: 1h, steps: []}", "VG012 There is no step here."),
        ("{forget_after: 1h, steps: {mute: true}}", "VG011 A list is expected here, not a mapping"),
        ("{forget_after: 1h, steps: [{}]}", "VG012 No effect is named here."),
        ("{forget_after: 1h, steps: [{allow: true}]}", "VG008 There is no key 'allow' here."),
        ("{forget_after: 1h, steps: [{mute: true}, {kick: 1}]}", "VG008 There is no key 'kick'"),
        ("{forget_after: 1h, steps: [{hold: 5m}]}", "VG013 `hold` has nothing to hold."),
        ("{forget_after: 1h, hold: 5m, steps: [{mute: true}]}", "VG008 There is no key 'hold'"),
        ("{forget_after: 1h, steps: [{move: akf}]}", "VG102 There is no channel 'akf' in guild"),
        (
            "{forget_after: 1h, steps: [{move: afk, disconnect: true}]}",
            "VG013 `disconnect` and `move` cannot stand together.",
        ),
    ],
)
def test_what_makes_no_sense_is_refused(
    problems_of: Callable[..., list[str]], escalate: str, problem: str
) -> None:
    """Each step is checked like `then`, and `allow` may not stand in one."""
    (found,) = problems_of(f"rules: {{one: {{escalate: {escalate}}}}}\n")
    assert problem in found


@pytest.mark.parametrize(("count", "refused"), [(MOST_STEPS, False), (MOST_STEPS + 1, True)])
def test_how_many_steps_there_can_be(
    problems_of: Callable[..., list[str]], count: int, refused: bool
) -> None:
    """As many as the limit says, and not one more."""
    steps = ", ".join(["{warn: x}"] * count)
    found = problems_of(f"rules: {{one: {{escalate: {{forget_after: 1h, steps: [{steps}]}}}}}}\n")
    assert len(found) == refused
    assert not refused or "These are 101 steps; 100 at most are taken." in found[0]
