"""Roles and channels of a guild, made, changed and deleted; and the guild's availability."""

from voxguard.model.ids import ChannelId, RoleId
from voxguard.model.world import ChannelKind, Overwrite
from voxguard.sandbox.world import voice
from voxguard.sandbox.world.membership import announce_member
from voxguard.sandbox.world.payloads import (
    channel_json,
    guild_create_json,
    guild_json,
    role_json,
)
from voxguard.sandbox.world.state import Guild, GuildChannel, GuildRole
from voxguard.sandbox.world.world import RefusedError, World


def create_role(world: World, guild: Guild, name: str, permissions: int = 0) -> GuildRole:
    """Make a role at the bottom of the guild's list, with an id of this moment."""
    role = GuildRole(RoleId(world.make_id()), name, permissions=permissions)
    guild.roles[role.id] = role
    world.tell(f"{guild.name}: role {name} created")
    world.emit("GUILD_ROLE_CREATE", guild, _about_role(guild, role))
    return role


def change_role(
    world: World,
    guild: Guild,
    role: GuildRole,
    *,
    name: str | None = None,
    permissions: int | None = None,
) -> None:
    """Give the role another name or other permissions."""
    role.name = role.name if name is None else name
    role.permissions = role.permissions if permissions is None else permissions
    world.tell(f"{guild.name}: role {role.name} changed")
    world.emit("GUILD_ROLE_UPDATE", guild, _about_role(guild, role))


def delete_role(world: World, guild: Guild, role: GuildRole) -> None:
    """Delete the role; whoever had it has it no longer. @everyone stays."""
    if role.id == RoleId(guild.id):
        raise RefusedError("the role of everybody cannot be deleted")
    del guild.roles[role.id]
    world.tell(f"{guild.name}: role {role.name} deleted")
    payload = {"guild_id": str(guild.id), "role_id": str(role.id)}
    world.emit("GUILD_ROLE_DELETE", guild, payload)
    for member in guild.members.values():
        if role.id in member.roles:
            member.roles.discard(role.id)
            announce_member(world, guild, member)


def create_channel(
    world: World,
    guild: Guild,
    name: str,
    *,
    kind: ChannelKind = ChannelKind.VOICE,
    parent_id: ChannelId | None = None,
) -> GuildChannel:
    """Make a channel, with an id of this moment."""
    channel = GuildChannel(
        ChannelId(world.make_id()),
        name,
        kind=kind,
        parent_id=parent_id,
        position=len(guild.channels),
    )
    guild.channels[channel.id] = channel
    world.tell(f"{guild.name}: channel {name} created")
    world.emit("CHANNEL_CREATE", guild, channel_json(guild, channel))
    return channel


def change_channel(
    world: World,
    guild: Guild,
    channel: GuildChannel,
    *,
    name: str | None = None,
    user_limit: int | None = None,
    overwrites: tuple[Overwrite, ...] | None = None,
) -> None:
    """Give the channel another name, limit or other overwrites; who is inside stays."""
    channel.name = channel.name if name is None else name
    channel.user_limit = channel.user_limit if user_limit is None else user_limit
    channel.overwrites = channel.overwrites if overwrites is None else overwrites
    world.tell(f"{guild.name}: channel {channel.name} changed")
    world.emit("CHANNEL_UPDATE", guild, channel_json(guild, channel))


def delete_channel(world: World, guild: Guild, channel: GuildChannel) -> None:
    """Delete the channel; who is inside drops out, and a category's channels stand alone."""
    for member in guild.connected(channel.id):
        voice.remove(world, guild, member, how="drops out of")
    del guild.channels[channel.id]
    was_afk_channel = guild.afk_channel_id == channel.id
    world.tell(f"{guild.name}: channel {channel.name} deleted")
    world.emit("CHANNEL_DELETE", guild, channel_json(guild, channel))
    for child in guild.channels.values():
        if child.parent_id == channel.id:
            child.parent_id = None
            world.emit("CHANNEL_UPDATE", guild, channel_json(guild, child))
    if was_afk_channel:
        set_afk_channel(world, guild, None)


def set_afk_channel(world: World, guild: Guild, channel: GuildChannel | None) -> None:
    """Name the channel in which Discord parks idle members, or none."""
    guild.afk_channel_id = None if channel is None else channel.id
    world.emit("GUILD_UPDATE", guild, guild_json(guild))


def set_available(world: World, guild: Guild, *, available: bool) -> None:
    """Take the guild away, as in an outage of Discord's, or bring it back."""
    if available and not guild.is_available:
        guild.is_available = True
        world.tell(f"{guild.name} is available again")
        world.emit("GUILD_CREATE", guild, guild_create_json(world, guild))
    elif guild.is_available and not available:
        world.tell(f"{guild.name} becomes unavailable")
        world.emit("GUILD_DELETE", guild, {"id": str(guild.id), "unavailable": True})
        guild.is_available = False


def _about_role(guild: Guild, role: GuildRole) -> dict[str, object]:
    return {"guild_id": str(guild.id), "role": role_json(role)}
