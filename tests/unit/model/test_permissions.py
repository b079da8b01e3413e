from voxguard.model.ids import ChannelId, GuildId, RoleId, UserId
from voxguard.model.permissions import (
    ALL_PERMISSIONS,
    Permission,
    channel_permissions,
    guild_permissions,
)
from voxguard.model.world import Channel, ChannelKind, Member, Overwrite, Role

GUILD = GuildId(1)
EVERYONE = RoleId(1)
DJ = RoleId(11)
STAFF = RoleId(12)
OWNER = UserId(100)
ALICE = UserId(101)
BASE = Permission.VIEW_CHANNEL | Permission.CONNECT | Permission.SPEAK
ROLES = {
    EVERYONE: Role(EVERYONE, permissions=int(BASE)),
    DJ: Role(DJ, permissions=int(Permission.STREAM)),
    STAFF: Role(STAFF, permissions=int(Permission.ADMINISTRATOR)),
}


def member(*roles: RoleId, user_id: UserId = ALICE) -> Member:
    """Someone with these roles."""
    return Member(user_id, roles=frozenset(roles))


def in_guild(who: Member) -> Permission:
    """What the member may do in the guild."""
    return guild_permissions(who, guild_id=GUILD, owner_id=OWNER, roles=ROLES)


def in_channel(
    who: Member, *overwrites: Overwrite, kind: ChannelKind = ChannelKind.VOICE
) -> Permission:
    """What the member may do in a channel with these overwrites."""
    channel = Channel(ChannelId(5), kind, overwrites=overwrites)
    return channel_permissions(who, channel, guild_id=GUILD, owner_id=OWNER, roles=ROLES)


def role_overwrite(
    role_id: RoleId,
    *,
    allow: Permission = Permission.NONE,
    deny: Permission = Permission.NONE,
) -> Overwrite:
    """An overwrite for everybody with the role."""
    return Overwrite(role_id, is_role=True, allow=int(allow), deny=int(deny))


def own_overwrite(
    *, allow: Permission = Permission.NONE, deny: Permission = Permission.NONE
) -> Overwrite:
    """An overwrite for Alice alone."""
    return Overwrite(ALICE, is_role=False, allow=int(allow), deny=int(deny))


def test_everyone_and_roles_add_up() -> None:
    """A member has what @everyone has and what each role adds."""
    assert in_guild(member()) == BASE
    assert in_guild(member(DJ)) == BASE | Permission.STREAM


def test_a_role_that_the_guild_does_not_have_gives_nothing() -> None:
    """An unknown role id changes no permission."""
    assert in_guild(member(RoleId(999))) == BASE


def test_owner_and_administrators_may_do_everything() -> None:
    """The owner, and whoever has ADMINISTRATOR in any role, has every permission."""
    assert in_guild(member(user_id=OWNER)) == ALL_PERMISSIONS
    assert in_guild(member(STAFF)) == ALL_PERMISSIONS


def test_a_guild_without_a_known_owner_has_no_owner_rights() -> None:
    """Where the owner is not known nobody gets the owner's permissions."""
    who = member(user_id=OWNER)
    assert guild_permissions(who, guild_id=GUILD, owner_id=None, roles=ROLES) == BASE


def test_overwrites_do_not_bind_administrators() -> None:
    """A denial in a channel changes nothing for an administrator."""
    deny = role_overwrite(EVERYONE, deny=Permission.CONNECT)
    assert in_channel(member(STAFF), deny) == ALL_PERMISSIONS


def test_a_role_overwrite_beats_that_of_everyone() -> None:
    """What @everyone is denied, a role's overwrite gives back."""
    deny = role_overwrite(EVERYONE, deny=Permission.SPEAK)
    allow = role_overwrite(DJ, allow=Permission.SPEAK)
    assert in_channel(member(), allow, deny) == BASE & ~Permission.SPEAK
    assert in_channel(member(DJ), allow, deny) == BASE | Permission.STREAM


def test_among_roles_allow_beats_deny() -> None:
    """Of two roles, one denied and one allowed, the allowance wins in either order."""
    roles = {**ROLES, STAFF: Role(STAFF)}
    deny = role_overwrite(DJ, deny=Permission.SPEAK)
    allow = role_overwrite(STAFF, allow=Permission.SPEAK)
    for overwrites in ((deny, allow), (allow, deny)):
        channel = Channel(ChannelId(5), ChannelKind.VOICE, overwrites=overwrites)
        allowed = channel_permissions(
            member(DJ, STAFF), channel, guild_id=GUILD, owner_id=OWNER, roles=roles
        )
        assert allowed & Permission.SPEAK


def test_the_members_own_overwrite_comes_last() -> None:
    """An overwrite for the member beats those of roles; somebody else's does not count."""
    by_role = role_overwrite(DJ, allow=Permission.SPEAK)
    own = own_overwrite(deny=Permission.SPEAK)
    assert not in_channel(member(DJ), own, by_role) & Permission.SPEAK
    assert in_channel(member(DJ, user_id=UserId(7)), own, by_role) & Permission.SPEAK


def test_who_cannot_view_a_channel_can_do_nothing_in_it() -> None:
    """Without VIEW_CHANNEL no permission is left, whatever is allowed."""
    deny = role_overwrite(EVERYONE, allow=Permission.STREAM, deny=Permission.VIEW_CHANNEL)
    assert in_channel(member(), deny) == Permission.NONE


def test_who_cannot_connect_can_only_view_a_voice_channel() -> None:
    """Without CONNECT only VIEW_CHANNEL is left in voice and stage channels, not elsewhere."""
    deny = role_overwrite(EVERYONE, deny=Permission.CONNECT)
    assert in_channel(member(), deny) == Permission.VIEW_CHANNEL
    assert in_channel(member(), deny, kind=ChannelKind.STAGE) == Permission.VIEW_CHANNEL
    elsewhere = in_channel(member(), deny, kind=ChannelKind.OTHER)
    assert elsewhere == Permission.VIEW_CHANNEL | Permission.SPEAK


def test_bits_without_a_name_are_kept() -> None:
    """A permission that is not named here goes through unchanged."""
    unnamed = 1 << 31
    roles = {EVERYONE: Role(EVERYONE, permissions=unnamed)}
    assert guild_permissions(member(), guild_id=GUILD, owner_id=None, roles=roles) == unnamed
