from datetime import timedelta

import pytest

from tests.unit.sandbox.tools import START, Witness
from voxguard.model.ids import RoleId
from voxguard.model.permissions import Permission
from voxguard.model.world import ChannelKind, Overwrite
from voxguard.sandbox.world import voice
from voxguard.sandbox.world.state import Guild, GuildChannel, GuildMember
from voxguard.sandbox.world.world import RefusedError, World


@pytest.fixture
def alice(world: World, guild: Guild) -> GuildMember:
    """An ordinary member."""
    return world.member(guild, "alice")


@pytest.fixture
def lobby(world: World, guild: Guild) -> GuildChannel:
    """An ordinary voice channel."""
    return world.channel(guild, "lobby")


def deny(guild: Guild, channel: GuildChannel, permission: Permission) -> None:
    """Deny everybody a permission in the channel."""
    overwrite = Overwrite(guild.id, is_role=True, allow=0, deny=int(permission))
    channel.overwrites = (overwrite,)


def test_a_member_who_may_enters(
    world: World, guild: Guild, witness: Witness, alice: GuildMember, lobby: GuildChannel
) -> None:
    """Who joins is connected, and a voice state with the member says so."""
    voice.admit(world, guild, alice, lobby)
    state = witness.last("VOICE_STATE_UPDATE")
    assert state["channel_id"] == str(lobby.id)
    assert state["member"]["user"]["username"] == "alice"
    assert witness.stories == ["harbour: alice joins lobby"]


def test_entering_where_one_is_changes_nothing(
    world: World, guild: Guild, witness: Witness, alice: GuildMember, lobby: GuildChannel
) -> None:
    """A join into the same channel sends nothing."""
    voice.admit(world, guild, alice, lobby)
    voice.admit(world, guild, alice, lobby)
    assert witness.names() == ["VOICE_STATE_UPDATE"]


def test_a_move_keeps_the_members_own_switches(
    world: World, guild: Guild, witness: Witness, alice: GuildMember, lobby: GuildChannel
) -> None:
    """Self mute outlives a change of channel, the camera does not."""
    voice.admit(world, guild, alice, lobby)
    voice.set_flags(world, guild, alice, voice.Flags(self_mute=True, camera=True))
    voice.admit(world, guild, alice, world.channel(guild, "music"))
    state = witness.last("VOICE_STATE_UPDATE")
    assert state["self_mute"]
    assert not state["self_video"]


def test_a_server_mute_outlives_the_visit(
    world: World, guild: Guild, witness: Witness, alice: GuildMember, lobby: GuildChannel
) -> None:
    """Who was muted and comes back is still muted."""
    voice.admit(world, guild, alice, lobby)
    voice.set_guild_flags(world, guild, alice, mute=True, deaf=True)
    voice.remove(world, guild, alice)
    assert witness.last("VOICE_STATE_UPDATE")["channel_id"] is None
    voice.admit(world, guild, alice, lobby)
    state = witness.last("VOICE_STATE_UPDATE")
    assert (state["mute"], state["deaf"]) == (True, True)


def test_leaving_twice_is_leaving_once(
    world: World, guild: Guild, witness: Witness, alice: GuildMember
) -> None:
    """Nothing is sent for a member who is not in voice."""
    voice.remove(world, guild, alice)
    assert not witness.dispatches


def test_only_voice_channels_can_be_entered(world: World, guild: Guild, alice: GuildMember) -> None:
    """A text channel is refused."""
    with pytest.raises(RefusedError, match="not a voice channel"):
        voice.admit(world, guild, alice, world.channel(guild, "mod-log"))


def test_who_may_not_connect_is_refused(
    world: World, guild: Guild, alice: GuildMember, lobby: GuildChannel
) -> None:
    """Without CONNECT nobody enters by themselves."""
    deny(guild, lobby, Permission.CONNECT)
    with pytest.raises(RefusedError, match="not allowed"):
        voice.admit(world, guild, alice, lobby)


def test_a_timed_out_member_is_refused_until_it_ends(
    world: World, guild: Guild, alice: GuildMember, lobby: GuildChannel
) -> None:
    """A running timeout keeps a member out of voice, one that is over does not."""
    alice.timed_out_until = START + timedelta(seconds=1)
    with pytest.raises(RefusedError, match="timed out"):
        voice.admit(world, guild, alice, lobby)
    alice.timed_out_until = START
    voice.admit(world, guild, alice, lobby)
    assert alice.voice is not None


def test_a_full_channel_takes_only_those_who_move_members(
    world: World, guild: Guild, alice: GuildMember, lobby: GuildChannel
) -> None:
    """The user limit does not bind who has MOVE_MEMBERS."""
    lobby.user_limit = 1
    voice.admit(world, guild, alice, lobby)
    with pytest.raises(RefusedError, match="full"):
        voice.admit(world, guild, world.member(guild, "bob"), lobby)
    olga = world.member(guild, "olga")
    voice.admit(world, guild, olga, lobby)
    assert guild.connected(lobby.id) == [olga, alice]


def test_flags_are_sent_when_they_change(
    world: World, guild: Guild, witness: Witness, alice: GuildMember, lobby: GuildChannel
) -> None:
    """Setting a switch to what it is already sends nothing."""
    voice.admit(world, guild, alice, lobby)
    voice.set_flags(world, guild, alice, voice.Flags(self_deaf=True, streaming=True))
    voice.set_flags(world, guild, alice, voice.Flags(self_deaf=True))
    assert witness.names() == ["VOICE_STATE_UPDATE"] * 2
    assert witness.last("VOICE_STATE_UPDATE")["self_stream"]


def test_flags_need_a_connection(world: World, guild: Guild, alice: GuildMember) -> None:
    """Who is not in voice has no switches."""
    with pytest.raises(RefusedError, match="not connected"):
        voice.set_flags(world, guild, alice, voice.Flags(self_mute=True))


def test_an_unmute_lets_those_speak_who_lack_the_permission(
    world: World, guild: Guild, witness: Witness, alice: GuildMember, lobby: GuildChannel
) -> None:
    """`mute: false` un-suppresses a member without SPEAK, as it does on Discord."""
    deny(guild, lobby, Permission.SPEAK)
    voice.admit(world, guild, alice, lobby)
    assert witness.last("VOICE_STATE_UPDATE")["suppress"]
    voice.set_guild_flags(world, guild, alice, mute=False)
    assert not witness.last("VOICE_STATE_UPDATE")["suppress"]


def test_in_a_stage_an_unmute_suppresses_still(
    world: World, guild: Guild, alice: GuildMember
) -> None:
    """A stage's audience stays audience when it is unmuted."""
    stage = world.channel(guild, "stage")
    assert stage.kind is ChannelKind.STAGE
    voice.admit(world, guild, alice, stage)
    voice.set_guild_flags(world, guild, alice, mute=False)
    assert voice.connected(alice).suppressed


def test_who_moderates_a_stage_speaks_there(world: World, guild: Guild, alice: GuildMember) -> None:
    """All three permissions make a moderator; with two of them one is audience."""
    stage = world.channel(guild, "stage")
    for lacking, suppressed in ((Permission.MANAGE_CHANNELS, True), (Permission.NONE, False)):
        guild.roles[RoleId(guild.id)].permissions |= voice.STAGE_MODERATOR & ~lacking
        voice.admit(world, guild, alice, stage)
        assert voice.connected(alice).suppressed is suppressed
        voice.remove(world, guild, alice)


def test_the_afk_channel_is_silent(world: World, guild: Guild, alice: GuildMember) -> None:
    """Who enters the AFK channel cannot speak there."""
    voice.admit(world, guild, alice, world.channel(guild, "afk"))
    assert voice.connected(alice).suppressed


def test_suppression_is_sent_when_it_changes(
    world: World, guild: Guild, witness: Witness, alice: GuildMember
) -> None:
    """A speaker becomes audience and the other way round, each told once."""
    voice.admit(world, guild, alice, world.channel(guild, "stage"))
    voice.set_suppressed(world, guild, alice, suppressed=False)
    voice.set_suppressed(world, guild, alice, suppressed=False)
    voice.set_suppressed(world, guild, alice, suppressed=True)
    assert witness.names() == ["VOICE_STATE_UPDATE"] * 3


def test_a_voice_state_can_come_twice(
    world: World, guild: Guild, witness: Witness, alice: GuildMember, lobby: GuildChannel
) -> None:
    """A repeated voice state equals the one before."""
    voice.admit(world, guild, alice, lobby)
    voice.repeat(world, guild, alice)
    assert witness.dispatches[0].data == witness.dispatches[1].data


def test_an_unavailable_guild_is_silent(
    world: World, guild: Guild, witness: Witness, alice: GuildMember, lobby: GuildChannel
) -> None:
    """What happens in a guild that is unavailable is not sent."""
    guild.is_available = False
    voice.admit(world, guild, alice, lobby)
    assert not witness.dispatches


def test_roles_can_be_given_their_rank(world: World, guild: Guild) -> None:
    """The owner outranks everybody, a member counts by the highest role."""
    olga, bob = world.member(guild, "olga"), world.member(guild, "bob")
    bot = world.bot_member(guild)
    assert guild.rank(olga) > guild.rank(bot) > guild.rank(bob) > 0
    assert guild.rank(world.member(guild, "alice")) == 0
    assert RoleId(guild.id) in guild.roles
