"""What a member may do in a guild and in a channel, computed as Discord documents it.

Source: Discord developer documentation, "Permissions". Neither hikari nor lightbulb has a
helper for this.
"""

from collections.abc import Iterable, Mapping
from enum import IntFlag

from voxguard.model.ids import GuildId, RoleId, UserId
from voxguard.model.world import Channel, ChannelKind, Member, Overwrite, Role


class Permission(IntFlag):
    """Discord's permission bits, as far as voice moderation has to do with them."""

    NONE = 0
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    VIEW_AUDIT_LOG = 1 << 7
    STREAM = 1 << 9
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    EMBED_LINKS = 1 << 14
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    CONNECT = 1 << 20
    SPEAK = 1 << 21
    MUTE_MEMBERS = 1 << 22
    DEAFEN_MEMBERS = 1 << 23
    MOVE_MEMBERS = 1 << 24
    USE_VOICE_ACTIVITY = 1 << 25
    MANAGE_ROLES = 1 << 28
    REQUEST_TO_SPEAK = 1 << 32
    MODERATE_MEMBERS = 1 << 40


ALL_PERMISSIONS = Permission((1 << 53) - 1)
"""Every bit that Discord has given a meaning, also those that have no name here."""

VOICE_KINDS = (ChannelKind.VOICE, ChannelKind.STAGE)


def guild_permissions(
    member: Member, *, guild_id: GuildId, owner_id: UserId | None, roles: Mapping[RoleId, Role]
) -> Permission:
    """What the member may do before any channel has its say.

    The permissions of @everyone (the role with the guild's id) and of the member's roles
    together; the owner and whoever has ADMINISTRATOR may do everything. Roles that the
    guild does not have count for nothing.
    """
    if member.user_id == owner_id:
        return ALL_PERMISSIONS
    bits = 0
    for role_id in (RoleId(guild_id), *member.roles):
        role = roles.get(role_id)
        if role is not None:
            bits |= role.permissions
    if bits & Permission.ADMINISTRATOR:
        return ALL_PERMISSIONS
    return Permission(bits)


def channel_permissions(
    member: Member,
    channel: Channel,
    *,
    guild_id: GuildId,
    owner_id: UserId | None,
    roles: Mapping[RoleId, Role],
) -> Permission:
    """What the member may do in the channel.

    Overwrites are applied in Discord's order: @everyone, all the member's roles together,
    the member. Whoever cannot view the channel can do nothing in it; whoever cannot
    connect to a voice or stage channel can only view it. Overwrites do not bind the owner
    and administrators.
    """
    base = guild_permissions(member, guild_id=guild_id, owner_id=owner_id, roles=roles)
    if base & Permission.ADMINISTRATOR:
        return base
    allowed = _overwritten(int(base), member, channel.overwrites, RoleId(guild_id))
    if not allowed & Permission.VIEW_CHANNEL:
        return Permission.NONE
    if channel.kind in VOICE_KINDS and not allowed & Permission.CONNECT:
        return Permission.VIEW_CHANNEL
    return Permission(allowed)


def _overwritten(
    bits: int, member: Member, overwrites: Iterable[Overwrite], everyone_id: RoleId
) -> int:
    everyone, own = (0, 0), (0, 0)
    role_allow = role_deny = 0
    for overwrite in overwrites:
        if overwrite.is_role and overwrite.target_id == everyone_id:
            everyone = (overwrite.allow, overwrite.deny)
        elif overwrite.is_role and overwrite.target_id in member.roles:
            role_allow |= overwrite.allow
            role_deny |= overwrite.deny
        elif not overwrite.is_role and overwrite.target_id == member.user_id:
            own = (overwrite.allow, overwrite.deny)
    for allow, deny in (everyone, (role_allow, role_deny), own):
        bits = (bits & ~deny) | allow
    return bits
