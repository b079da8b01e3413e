"""`deafen`: held while it is true, and lifted once where it is false."""

from collections.abc import Callable
from types import SimpleNamespace

from voxguard.model.decisions import Effect
from voxguard.policy.effects.base import DEAFEN, SEVERITY
from voxguard.policy.effects.deafen import Deafen, Undeafen
from voxguard.policy.resolved import Rule

Facts = Callable[..., SimpleNamespace]
LoadRule = Callable[[str], Rule]


def test_true_is_held(load_rule: LoadRule, facts: Facts) -> None:
    """It has a release, and is done when the member carries it, whoever set it."""
    (want,) = load_rule("{then: {deafen: true}}").wants
    assert want == Deafen()
    assert (want.effect, want.release, want.slot) == (Effect.DEAFEN, Effect.UNDEAFEN, DEAFEN)
    assert (want.held, want.lifts, want.canonical(), want.params) == (True, False, True, {})
    assert want.is_done(facts(guild_deaf=True))
    assert not want.is_done(facts(guild_mute=True))


def test_false_lifts_once(load_rule: LoadRule, facts: Facts) -> None:
    """It is of the same slot, holds nothing, and is done when there is nothing to lift."""
    rule = load_rule("{then: {deafen: false}}")
    (want,) = rule.wants
    assert want == Undeafen()
    assert (want.effect, want.release, want.slot) == (Effect.UNDEAFEN, None, DEAFEN)
    assert (want.held, want.lifts, want.canonical(), want.params) == (False, True, False, {})
    assert not want.is_done(facts(guild_deaf=True))
    assert want.is_done(facts(guild_mute=True))
    assert rule.severity == SEVERITY.index(Effect.UNDEAFEN)


def test_the_two_mean_different_things(load_rule: LoadRule) -> None:
    """A rule that turns from one to the other is another rule."""
    rules = [load_rule(f"{{then: {{deafen: {value}}}}}") for value in ("true", "false")]
    assert rules[0].meaning != rules[1].meaning
