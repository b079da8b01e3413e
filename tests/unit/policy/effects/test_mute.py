"""`mute`: held while it is true, and lifted once where it is false."""

from collections.abc import Callable
from types import SimpleNamespace

from voxguard.model.decisions import Effect
from voxguard.policy.effects.base import MUTE, SEVERITY
from voxguard.policy.effects.mute import Mute, Unmute
from voxguard.policy.resolved import Rule

Facts = Callable[..., SimpleNamespace]
LoadRule = Callable[[str], Rule]


def test_true_is_held(load_rule: LoadRule, facts: Facts) -> None:
    """It has a release, and is done when the member carries it, whoever set it."""
    (want,) = load_rule("{then: {mute: true}}").wants
    assert want == Mute()
    assert (want.effect, want.release, want.slot) == (Effect.MUTE, Effect.UNMUTE, MUTE)
    assert (want.held, want.lifts, want.canonical(), want.params) == (True, False, True, {})
    assert want.is_done(facts(guild_mute=True))
    assert not want.is_done(facts(guild_deaf=True))


def test_false_lifts_once(load_rule: LoadRule, facts: Facts) -> None:
    """It is of the same slot, holds nothing, and is done when there is nothing to lift."""
    rule = load_rule("{then: {mute: false}}")
    (want,) = rule.wants
    assert want == Unmute()
    assert (want.effect, want.release, want.slot) == (Effect.UNMUTE, None, MUTE)
    assert (want.held, want.lifts, want.canonical(), want.params) == (False, True, False, {})
    assert not want.is_done(facts(guild_mute=True))
    assert want.is_done(facts(guild_deaf=True))
    assert rule.severity == SEVERITY.index(Effect.UNMUTE)


def test_the_two_mean_different_things(load_rule: LoadRule) -> None:
    """A rule that turns from one to the other is another rule."""
    rules = [load_rule(f"{{then: {{mute: {value}}}}}") for value in ("true", "false")]
    assert rules[0].meaning != rules[1].meaning
