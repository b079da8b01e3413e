from tests.support.stage import ALICE, BOB, DJ, GUILD, LOBBY, Stage, voice
from voxguard.daemon.voices import EngineVoices
from voxguard.model.events import GuildVanished, MemberChanged
from voxguard.model.ids import GuildId
from voxguard.model.world import Member

QUIET = "rules: {quiet: {where: lobby, then: {mute: true}}}"


def test_a_voice_state_is_that_which_was_reported_last() -> None:
    """Whatever a rule has decided since, and of nobody who is not connected."""
    stage = Stage(QUIET)
    each = EngineVoices(stage.engine)
    stage.step(voice(ALICE, LOBBY, guild_deaf=True, camera=True))
    state = each.voice_state(GUILD, ALICE)
    assert state is not None
    assert (state.channel_id, state.guild_mute, state.guild_deaf) == (LOBBY, False, True)
    assert (state.camera, state.streaming) == (True, False)
    assert each.voice_state(GUILD, BOB) is None
    stage.leave(ALICE)
    assert each.voice_state(GUILD, ALICE) is None
    stage.enter(BOB, LOBBY)
    stage.step(GuildVanished(GUILD))
    assert each.voice_state(GUILD, BOB) is None
    assert each.voice_state(GuildId(5), BOB) is None


def test_roles_are_what_was_reported_last() -> None:
    """Of whoever is known in a guild that is there, connected or not."""
    stage = Stage(QUIET)
    each = EngineVoices(stage.engine)
    assert each.roles(GUILD, ALICE) is None
    stage.step(MemberChanged(GUILD, Member(ALICE, frozenset({DJ}))))
    assert each.roles(GUILD, ALICE) == frozenset({DJ})
    stage.step(GuildVanished(GUILD))
    assert each.roles(GUILD, ALICE) is None
    assert each.roles(GuildId(5), ALICE) is None
