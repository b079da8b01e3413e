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
