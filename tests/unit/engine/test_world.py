"""Snapshots, removals and tables: what they change for those who are connected."""

from tests.support.stage import (
    ADMIN,
    AFK,
    ALICE,
    BOB,
    CAROL,
    CATEGORY,
    DJ,
    GUILD,
    LOBBY,
    MUSIC,
    OUTSIDE,
    STAFF,
    STAGE,
    Stage,
    voice,
)
from voxguard.model.events import (
    ChannelChanged,
    ChannelDeleted,
    GuildVanished,
    MemberRemoved,
    RoleDeleted,
    VoiceStateChanged,
)
from voxguard.model.ids import ChannelId, GuildId, RoleId
from voxguard.model.visits import EndReason
from voxguard.model.world import Channel, ChannelKind, Role, VoiceState

QUIET = "rules: {quiet: {where: lobby, then: {mute: true}}}"
EVERYWHERE = "rules: {r: {then: {mute: true}}}"


def test_events_before_the_first_snapshot_are_ignored() -> None:
    """Nothing is decided of a guild that has not been seen."""
    stage = Stage(QUIET, appear=False)
    assert stage.enter(ALICE, LOBBY) == []
    assert stage.at(1).step(stage.snapshot()) == []


def test_a_guild_without_a_scope_is_ignored() -> None:
    """Neither decisions nor visits come of it."""
    stage = Stage(QUIET)
    other = GuildId(999)
    assert stage.step(VoiceStateChanged(other, VoiceState(ALICE, LOBBY))) == []
    assert stage.visits == []


def test_a_later_snapshot_goes_on_where_the_member_still_is() -> None:
    """The same channel is the same visit; another is a new one from then."""
    stage = Stage(QUIET)
    stage.enter(ALICE, LOBBY)
    stage.enter(BOB, LOBBY)
    stage.enter(CAROL, AFK)
    decided = stage.at(60).step(
        stage.snapshot(voice=[VoiceState(ALICE, LOBBY), VoiceState(BOB, AFK)])
    )
    assert decided == [("quiet", "unmute")]
    ended = {(v.user_id, v.end_reason) for v in stage.visits if v.left_at is not None}
    assert ended == {(BOB, EndReason.LOST), (CAROL, EndReason.LOST)}


def test_a_snapshot_lets_absent_members_have_left() -> None:
    """A lease whose member is gone ends with no channel."""
    stage = Stage(QUIET)
    stage.enter(ALICE, LOBBY)
    assert stage.at(60).step(stage.snapshot()) == [("quiet", "unmute")]
    assert stage.decisions[-1].channel_id is None


def test_a_guild_that_vanishes_is_as_if_everybody_had_left() -> None:
    """Leases end then, and the next snapshot finds new visits."""
    stage = Stage(QUIET)
    stage.enter(ALICE, LOBBY)
    assert stage.at(1).step(GuildVanished(GUILD)) == [("quiet", "unmute")]
    assert stage.at(2).enter(ALICE, LOBBY) == []
    assert stage.at(3).step(stage.snapshot(voice=[VoiceState(ALICE, LOBBY)])) == [("quiet", "mute")]


def test_a_removed_member_ends_without_a_decision() -> None:
    """Discord has forgotten the mute with the member."""
    stage = Stage(QUIET)
    stage.enter(ALICE, LOBBY)
    assert stage.at(1).step(MemberRemoved(GUILD, ALICE)) == []
    assert stage.visits[-1].end_reason is EndReason.LEFT
    assert stage.at(2).leave(ALICE) == []
    assert stage.at(3).enter(ALICE, LOBBY) == [("quiet", "mute")]
    assert stage.at(4).step(MemberRemoved(GUILD, BOB)) == []


def test_a_removed_member_who_had_left_voice_is_forgotten() -> None:
    """Their pending memory goes with them."""
    stage = Stage(QUIET)
    stage.enter(ALICE, LOBBY)
    stage.at(1).enter(ALICE, LOBBY, guild_mute=True)
    stage.at(2).step(voice(ALICE, None, guild_mute=True))
    assert stage.member(ALICE).reported_mute
    stage.at(3).step(MemberRemoved(GUILD, ALICE))
    guild = stage.engine.guild(GUILD)
    assert guild is not None
    assert ALICE not in guild.members


def test_a_deleted_channel_puts_its_members_out() -> None:
    """Whoever is in a channel that is gone has left, and a late word of it changes nothing."""
    stage = Stage(QUIET)
    stage.enter(ALICE, LOBBY)
    assert stage.at(1).step(ChannelDeleted(GUILD, LOBBY)) == [("quiet", "unmute")]
    assert stage.at(2).enter(ALICE, LOBBY) == []
    assert stage.at(3).step(ChannelDeleted(GUILD, ChannelId(77))) == []


def test_a_category_is_the_present_parent() -> None:
    """Moving a channel into or out of a category decides those in it."""
    stage = Stage("rules: {r: {where: category, then: {mute: true}}}")
    assert stage.enter(ALICE, OUTSIDE) == []
    moved_in = ChannelChanged(GUILD, Channel(OUTSIDE, ChannelKind.VOICE, CATEGORY))
    assert stage.at(1).step(moved_in) == [("r", "mute")]
    assert stage.at(2).step(ChannelDeleted(GUILD, CATEGORY)) == [("r", "unmute")]


def test_a_deleted_role_is_nobodys() -> None:
    """It counts no more, even where a member object still lists it."""
    stage = Stage("rules: {r: {who: {roles: dj}, then: {mute: true}}}")
    stage.enter(ALICE, LOBBY)
    stage.enter(BOB, LOBBY)
    assert stage.roles(ALICE, DJ) == [("r", "mute")]
    assert stage.at(1).step(RoleDeleted(GUILD, DJ)) == [("r", "unmute")]
    assert stage.at(2).roles(ALICE, DJ, STAFF) == []


def test_the_guilds_own_id_is_everybody() -> None:
    """@everyone is a role that all members have."""
    stage = Stage('rules: {r: {who: {roles: "100"}, then: {mute: true}}}')
    assert stage.enter(ALICE, LOBBY) == [("r", "mute")]


def test_stage_channels_have_their_kind() -> None:
    """`where.kinds` tells stages from voice channels; an unlisted channel is a voice channel."""
    stage = Stage("rules: {r: {where: {kinds: stage}, then: {mute: true}}}")
    assert stage.enter(ALICE, STAGE) == [("r", "mute")]
    assert stage.enter(BOB, ChannelId(4711)) == []


def test_a_snapshot_role_table_replaces_the_old_one() -> None:
    """What the new snapshot does not list is no longer there."""
    stage = Stage(EVERYWHERE)
    stage.roles(ALICE, ADMIN)
    stage.enter(ALICE, LOBBY)
    tame = [Role(RoleId(GUILD)), Role(ADMIN)]
    decided = stage.at(1).step(stage.snapshot(roles=tame, voice=[VoiceState(ALICE, LOBBY)]))
    assert decided == [("r", "mute")]


def test_a_removed_scope_releases_what_it_held() -> None:
    """Without policies for a guild nothing of ours stays in it, and nobody is watched."""
    stage = Stage(QUIET)
    stage.enter(ALICE, LOBBY)
    empty = type(stage.engine.index)(revision="none")
    stage.engine.activate(empty, stage.instant(1))
    assert stage.at(1).step() == [("quiet", "unmute")]
    assert stage.visits[-1].end_reason is EndReason.LOST
    assert stage.at(2).enter(ALICE, MUSIC) == []
    stage.at(3).activate(QUIET)
    assert stage.visits[-1].channel_id == MUSIC


def test_a_role_that_a_snapshot_leaves_out_is_nobodys() -> None:
    """It was deleted unseen, also where a member's object still lists it."""
    stage = Stage("rules: {r: {who: {roles: dj}, then: {mute: true}}}")
    stage.enter(ALICE, LOBBY)
    assert stage.roles(ALICE, DJ) == [("r", "mute")]
    without = [Role(RoleId(GUILD)), Role(STAFF)]
    there = [VoiceState(ALICE, LOBBY)]
    assert stage.at(1).step(stage.snapshot(roles=without, voice=there)) == [("r", "unmute")]
    assert stage.at(2).step(stage.snapshot(roles=(), voice=there)) == []
    assert stage.at(3).step(stage.snapshot(voice=there)) == [("r", "mute")]


def test_a_snapshot_and_a_move_back_within_an_instant_begin_a_new_visit() -> None:
    """Nobody knows how the member came back to where they were."""
    stage = Stage(QUIET)
    stage.enter(ALICE, LOBBY)
    stage.at(1).step(stage.snapshot(voice=[VoiceState(ALICE, AFK)]), voice(ALICE, LOBBY))
    assert [(visit.channel_id, visit.end_reason) for visit in stage.visits] == [
        (LOBBY, None),
        (LOBBY, EndReason.LOST),
        (LOBBY, None),
    ]
