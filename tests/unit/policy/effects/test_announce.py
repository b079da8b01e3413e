"""`announce: {channel, text}`: a message in a channel."""

from collections.abc import Callable
from types import SimpleNamespace

from voxguard.model.decisions import Effect
from voxguard.model.ids import ChannelId
from voxguard.policy.effects.announce import Announce
from voxguard.policy.effects.base import SEVERITY
from voxguard.policy.resolved import Rule

LoadRule = Callable[[str], Rule]
TEXT = "{member} is alone in {channel}: {rule}, {reason}"


def test_it_is_a_message_and_has_no_slot(
    load_rule: LoadRule, facts: Callable[..., SimpleNamespace]
) -> None:
    """It can always be sent; the channel is an id, and the text is as it is written."""
    rule = load_rule(f'{{then: {{announce: {{channel: afk, text: "{TEXT}"}}}}}}')
    (want,) = rule.wants
    assert want == Announce(ChannelId(802), TEXT)
    assert (want.effect, want.release, want.slot, want.held) == (Effect.ANNOUNCE, None, None, False)
    assert want.params == want.canonical() == {"channel": "802", "text": TEXT}
    assert not want.is_done(facts())
    assert rule.severity == SEVERITY.index(Effect.ANNOUNCE)


def test_an_alias_and_an_id_mean_the_same(load_rule: LoadRule) -> None:
    """Another channel or another text do not."""
    written = ["{channel: afk, text: x}", "{channel: '802', text: x}", "{text: x, channel: lobby}"]
    meanings = [load_rule(f"{{then: {{announce: {each}}}}}").meaning for each in written]
    assert meanings[0] == meanings[1] != meanings[2]
