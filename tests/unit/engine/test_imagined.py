"""What is known of a member who is thought of, besides who they are."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support.stage import ALICE, GUILD, LOBBY, START, make_index
from voxguard.engine.explain import explain
from voxguard.engine.explanation import RuleExplanation, Verdict
from voxguard.engine.newcomer import Newcomer
from voxguard.model.world import ChannelKind

HERE = Newcomer(
    user_id=ALICE, channel_id=LOBBY, category_known=True, category_id=None, kind=ChannelKind.VOICE
)
STEPS = "escalate: {forget_after: 1h, steps: [{warn: one}, {warn: two}, {timeout: 1m}]}"


def rule(text: str, newcomer: Newcomer = HERE) -> RuleExplanation:
    """The explanation of the only rule."""
    index = make_index(f"rules: {{one: {{{text}}}}}").guilds[GUILD]
    (one,) = explain(index, newcomer, START).rules
    return one


@pytest.mark.parametrize(
    ("earlier", "step", "effect"), [(0, 1, "warn"), (1, 2, "warn"), (2, 3, "timeout")]
)
def test_a_rule_takes_the_step_that_comes_after_earlier_episodes(
    earlier: int, step: int, effect: str
) -> None:
    """As many as are given; the last step from then on."""
    for count in (earlier, earlier + 10 * (step == 3)):
        one = rule(STEPS, replace(HERE, earlier_episodes=count))
        assert (one.step, one.steps, one.wants[0].effect) == (step, 3, effect)
        assert [each.value for each, _ in one.wants[0].standings] == ["decides"]


def test_a_rule_in_no_cooldown_takes_its_step() -> None:
    """What is taken for granted goes together with episodes that count."""
    one = rule(f"cooldown: 59m, {STEPS}", replace(HERE, earlier_episodes=1))
    assert (one.step, one.cooldown) == (2, timedelta(minutes=59))
    assert [each.value for each, _ in one.wants[0].standings] == ["decides"]


@pytest.mark.parametrize("cooldown", ["1h", "2h"])
def test_after_a_cooldown_as_long_nothing_counts(cooldown: str) -> None:
    """Earlier episodes are forgotten by the time at which the rule may act again."""
    one = rule(f"cooldown: {cooldown}, {STEPS}", replace(HERE, earlier_episodes=5))
    assert one.step == 1
    assert [each.value for each, _ in one.wants[0].standings] == ["decides"]


@pytest.mark.parametrize(
    ("key", "few", "enough"),
    [
        ("entries: {min: 3, within: 30s}", replace(HERE, entries=2), replace(HERE, entries=3)),
        (
            "channel_entries: {min: 3, within: 30s}",
            replace(HERE, channel_entries=2),
            replace(HERE, channel_entries=3),
        ),
        (
            "time_used: {min: 10m, per: day}",
            replace(HERE, used=timedelta(minutes=9, seconds=59)),
            replace(HERE, used=timedelta(minutes=10)),
        ),
    ],
)
def test_what_happened_lately_is_unknown_until_it_is_given(
    key: str, few: Newcomer, enough: Newcomer
) -> None:
    """Then it is compared like what the engine has seen, and so is when it changes."""
    text = f"when: {{{key}}}, then: {{mute: true}}"
    unknown = rule(text)
    assert (unknown.holds, unknown.changes_at) == (Verdict.UNKNOWN, None)
    assert rule(text, few).holds is Verdict.NO
    known = rule(text, enough)
    assert known.holds is Verdict.YES
    assert known.changes_at is not None


def test_used_time_goes_on_while_the_member_stays() -> None:
    """What is missing is made up for at the instant that is named."""
    text = "when: {time_used: {min: 10m, per: 1h}}, then: {mute: true}"
    one = rule(text, replace(HERE, used=timedelta(minutes=4)))
    assert one.holds is Verdict.NO
    assert one.changes_at == START + timedelta(minutes=6)
    assert (one.conditions[0].value, one.conditions[0].off_by) == (240, -360)


def test_a_rule_that_spares_is_one_that_was_active_before() -> None:
    """The member is thought to enter now."""
    assert rule("existing: spare, then: {mute: true}").holds is Verdict.YES
