"""Whom no rule touches."""

from tests.support.stage import (
    ADMIN,
    AFK,
    ALICE,
    BOB,
    DJ,
    GUILD,
    LOBBY,
    OWNER,
    ROLES,
    STAFF,
    Stage,
)
from voxguard.model.events import (
    GuildChanged,
    MemberChanged,
    RoleChanged,
)
from voxguard.model.permissions import Permission
from voxguard.model.world import Member, Role

QUIET = "rules: {quiet: {where: lobby, then: {mute: true}}}"
EVERYWHERE = "rules: {r: {then: {mute: true}}}"


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
