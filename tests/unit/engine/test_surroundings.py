"""What members have around them: the channels of their guild."""

from tests.support.stage import CATEGORY, LOBBY, STAGE
from voxguard.engine.surroundings import Surroundings
from voxguard.model.ids import ChannelId
from voxguard.model.world import Channel, ChannelKind


def test_a_channel_is_looked_up_as_it_is_now() -> None:
    """Its category and kind, which may change."""
    around = Surroundings()
    around.channels[LOBBY] = Channel(LOBBY, ChannelKind.VOICE, CATEGORY)
    around.channels[STAGE] = Channel(STAGE, ChannelKind.STAGE)
    assert around.look_up(LOBBY) == (CATEGORY, ChannelKind.VOICE)
    assert around.look_up(STAGE) == (None, ChannelKind.STAGE)
    around.channels[LOBBY] = Channel(LOBBY, ChannelKind.STAGE)
    assert around.look_up(LOBBY) == (None, ChannelKind.STAGE)


def test_a_channel_that_nobody_has_listed_is_one_to_talk_in() -> None:
    """In no category."""
    assert Surroundings().look_up(ChannelId(77)) == (None, ChannelKind.VOICE)


def test_only_what_changes_makes_another_layout() -> None:
    """What was worked out of channels stays good when the same is said again."""
    around = Surroundings()
    lobby, stage = Channel(LOBBY, ChannelKind.VOICE), Channel(STAGE, ChannelKind.STAGE)
    around.set_channels([lobby, stage])
    before = around.layout
    around.set_channels([stage, lobby])
    around.set_channel(lobby)
    assert around.layout == before
    around.set_channel(Channel(LOBBY, ChannelKind.VOICE, CATEGORY))
    assert around.layout > before
    before = around.layout
    around.set_channels([lobby])
    assert around.layout > before
    assert around.channels == {LOBBY: lobby}
    assert around.drop_channel(LOBBY) == lobby
    assert around.drop_channel(LOBBY) is None
