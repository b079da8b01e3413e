"""`suppress: true`: in the audience of a stage."""

from collections.abc import Callable
from types import SimpleNamespace

from voxguard.model.decisions import Effect
from voxguard.model.world import ChannelKind
from voxguard.policy.effects.base import SEVERITY, SUPPRESS
from voxguard.policy.effects.suppress import Suppress
from voxguard.policy.resolved import Rule


def test_it_is_held_on_a_stage_alone(
    load_rule: Callable[[str], Rule], facts: Callable[..., SimpleNamespace]
) -> None:
    """It has a release; elsewhere there is no such thing, whatever the flag says."""
    rule = load_rule("{then: {suppress: true}}")
    (want,) = rule.wants
    assert want == Suppress()
    assert (want.effect, want.release, want.slot) == (
        Effect.SUPPRESS,
        Effect.UNSUPPRESS,
        SUPPRESS,
    )
    assert (want.held, want.lifts, want.canonical(), want.params) == (True, False, True, {})
    assert want.is_possible(facts(channel_kind=ChannelKind.STAGE))
    assert not want.is_possible(facts())
    assert want.is_done(facts(suppressed=True))
    assert not want.is_done(facts(guild_mute=True))
    assert rule.severity == SEVERITY.index(Effect.SUPPRESS)
