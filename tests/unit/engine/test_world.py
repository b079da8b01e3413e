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
    OWNER,
    ROLES,
    STAFF,
    STAGE,
    Stage,
    voice,
)
from voxguard.model.decisions import Effect
from voxguard.model.events import (
    ChannelChanged,
    ChannelDeleted,
    EnforcementFailed,
    GuildChanged,
    GuildVanished,
    MemberChanged,
    MemberRemoved,
    RoleChanged,
    RoleDeleted,
    VoiceStateChanged,
)
from voxguard.model.ids import ChannelId, GuildId, RoleId
from voxguard.model.permissions import Permission
from voxguard.model.visits import EndReason
from voxguard.model.world import Channel, ChannelKind, Member, Role, VoiceState

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


def test_administrators_and_the_owner_are_exempt() -> None:
    """By any role, also one that becomes administrative later, or by owning the guild."""
    stage = Stage(EVERYWHERE)
    stage.roles(ALICE, ADMIN)
    assert stage.enter(ALICE, LOBBY) == []
    assert stage.enter(OWNER, LOBBY) == []
    stage.roles(BOB, DJ)
    assert stage.enter(BOB, LOBBY) == [("r", "mute")]
    powers = int(Permission.ADMINISTRATOR)
    assert stage.at(1).step(RoleChanged(GUILD, Role(DJ, powers))) == [("r", "unmute")]
    assert stage.at(2).step(RoleChanged(GUILD, Role(DJ))) == [("r", "mute")]
    changed = GuildChanged(GUILD, BOB, None, ROLES)
    assert stage.at(3).step(changed) == [("r", "unmute"), ("r", "mute")]


def test_bots_are_exempt_unless_the_guild_says_otherwise() -> None:
    """Music bots are left alone by default."""
    bot = Member(ALICE, bot=True)
    assert Stage(EVERYWHERE, members=[bot]).enter(ALICE, LOBBY) == []
    stage = Stage(EVERYWHERE, members=[bot], guild="exempt: {bots: false}")
    assert stage.enter(ALICE, LOBBY) == [("r", "mute")]


def test_a_partial_member_object_does_not_make_a_human_of_a_bot() -> None:
    """What never changes is kept when it is left out."""
    stage = Stage(EVERYWHERE, members=[Member(ALICE, bot=True)])
    assert stage.step(MemberChanged(GUILD, Member(ALICE))) == []
    assert stage.enter(ALICE, LOBBY) == []


def test_the_afk_channel_is_left_alone() -> None:
    """Becoming exempt ends episodes, and leases with them."""
    stage = Stage(EVERYWHERE)
    stage.step(stage.snapshot(afk=AFK))
    assert stage.at(1).enter(ALICE, LOBBY) == [("r", "mute")]
    assert stage.at(2).enter(ALICE, AFK) == [("r", "unmute")]


def test_exempt_members_by_role_and_list() -> None:
    """`exempt.who` is a block like a rule's, entries that end included."""
    stage = Stage(
        """
        lists:
          friends: {entries: [{id: "501", until: "2026-03-02T12:01:00Z"}]}
        rules: {r: {then: {mute: true}}}
        """,
        guild="exempt: {who: {lists: friends}}",
    )
    assert stage.enter(ALICE, LOBBY) == []
    assert stage.wake_in == 60
    assert stage.at(60).step() == [("r", "mute")]


def test_for_starts_anew_after_an_exemption() -> None:
    """For an exempt member no rule matches."""
    stage = Stage(
        "rules: {r: {where: lobby, for: 1h, then: {mute: true}}}",
        guild="exempt: {who: {roles: staff}}",
    )
    stage.enter(ALICE, LOBBY)
    stage.at(1800).roles(ALICE, STAFF)
    assert stage.wake_in is None
    stage.at(1900).roles(ALICE)
    assert stage.wake_in == 1900 + 3600


def test_stage_channels_have_their_kind() -> None:
    """`where.kinds` tells stages from voice channels; an unlisted channel is a voice channel."""
    stage = Stage("rules: {r: {where: {kinds: stage}, then: {mute: true}}}")
    assert stage.enter(ALICE, STAGE) == [("r", "mute")]
    assert stage.enter(BOB, ChannelId(4711)) == []


def test_a_failed_placement_lets_the_member_be_muted_after_all() -> None:
    """The bar on new mutes falls with the placement."""
    stage = Stage(
        """
        rules:
          out: {where: lobby, then: {disconnect: true}}
          quiet: {where: lobby, then: {mute: true, deafen: true}}
        """
    )
    assert stage.enter(ALICE, LOBBY) == [("out", "disconnect")]
    failed = EnforcementFailed(GUILD, ALICE, Effect.DISCONNECT)
    assert stage.at(1).step(failed) == [("quiet", "deafen"), ("quiet", "mute")]


def test_a_failed_mute_is_not_taken_for_done() -> None:
    """Its lease stays, nothing is decided again, and nothing needs to be released."""
    stage = Stage("rules: {quiet: {where: lobby, then: {mute: true, deafen: true}}}")
    stage.enter(ALICE, LOBBY)
    assert stage.at(1).step(EnforcementFailed(GUILD, ALICE, Effect.MUTE)) == []
    assert stage.at(1).step(EnforcementFailed(GUILD, ALICE, Effect.DEAFEN)) == []
    assert not stage.member(ALICE).guild_mute
    assert stage.at(2).enter(ALICE, AFK) == []
    assert stage.at(3).step(EnforcementFailed(GUILD, BOB, Effect.MUTE)) == []


def test_our_own_echo_is_nobodys_hand() -> None:
    """While a lease is on it a report does not count, and a repeated one never does."""
    stage = Stage(QUIET)
    stage.enter(ALICE, LOBBY)
    assert stage.at(1).enter(ALICE, LOBBY, guild_mute=True) == []
    assert stage.at(2).enter(ALICE, AFK, guild_mute=True) == [("quiet", "unmute")]
    assert stage.at(3).enter(ALICE, LOBBY, guild_mute=True) == [("quiet", "mute")]


def test_visits_say_where_and_how_they_ended() -> None:
    """Moves, leaves and our own placements are told apart."""
    stage = Stage(
        """
        rules:
          away: {where: music, then: {move: afk}}
          out: {where: outside, then: {disconnect: true}}
        """
    )
    stage.at(1).enter(ALICE, LOBBY)
    stage.at(2).enter(ALICE, MUSIC)
    stage.at(3).enter(ALICE, AFK)
    stage.at(4).enter(ALICE, OUTSIDE)
    stage.at(5).leave(ALICE)
    ended = [
        (v.channel_id, v.joined_at, v.left_at, v.end_reason) for v in stage.visits if v.left_at
    ]
    assert ended == [
        (LOBBY, stage.instant(1), stage.instant(2), EndReason.MOVED),
        (MUSIC, stage.instant(2), stage.instant(3), EndReason.VOXGUARD),
        (AFK, stage.instant(3), stage.instant(4), EndReason.MOVED),
        (OUTSIDE, stage.instant(4), stage.instant(5), EndReason.VOXGUARD),
    ]


def test_a_placement_explains_only_what_it_asked_for() -> None:
    """Who goes elsewhere than they were sent has moved by themselves."""
    stage = Stage("rules: {away: {where: music, then: {move: afk}}}")
    stage.enter(ALICE, MUSIC)
    stage.at(1).enter(ALICE, LOBBY)
    stage.at(2).enter(ALICE, MUSIC)
    stage.at(3).leave(ALICE)
    reasons = [visit.end_reason for visit in stage.visits if visit.left_at]
    assert reasons == [EndReason.MOVED, EndReason.MOVED, EndReason.LEFT]


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
