"""`warn: "text"`: a direct message to the member."""

from collections.abc import Callable
from types import SimpleNamespace

from voxguard.model.decisions import Effect
from voxguard.policy.effects.base import SEVERITY
from voxguard.policy.effects.warn import Warn
from voxguard.policy.resolved import Rule


def test_it_is_a_message_and_has_no_slot(
    load_rule: Callable[[str], Rule], facts: Callable[..., SimpleNamespace]
) -> None:
    """It can always be sent, and goes out as it is written."""
    rule = load_rule('{then: {warn: "Please, {member}\\nbe quiet."}}')
    (want,) = rule.wants
    text = "Please, {member}\nbe quiet."
    assert want == Warn(text)
    assert (want.effect, want.release, want.slot) == (Effect.WARN, None, None)
    assert (want.held, want.canonical(), want.params) == (False, text, {"text": text})
    assert want.is_possible(facts())
    assert not want.is_done(facts())
    assert rule.severity == SEVERITY.index(Effect.WARN)
