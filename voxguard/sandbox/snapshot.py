"""The world as one JSON value, for people and programs that look at the stand-in."""

from voxguard.sandbox.files.channels_part import KINDS
from voxguard.sandbox.world.payloads import instant
from voxguard.sandbox.world.state import Guild, GuildMember
from voxguard.sandbox.world.world import JsonObject, World

_KIND_NAMES = {kind: name for name, kind in KINDS.items()}


def world_json(world: World) -> JsonObject:
    """All guilds with what is in them, by name and id; the token is left out."""
    return {
        "bot": {"id": str(world.bot.user.id), "name": world.bot.user.name},
        "guilds": [_guild(guild) for guild in world.guilds.values()],
    }


def _guild(guild: Guild) -> JsonObject:
    names = {channel.id: channel.name for channel in guild.channels.values()}
    afk_channel_id = guild.afk_channel_id
    return {
        "id": str(guild.id),
        "name": guild.name,
        "owner_id": str(guild.owner_id),
        "available": guild.is_available,
        "afk_channel": None if afk_channel_id is None else names[afk_channel_id],
        "roles": [
            {"id": str(role.id), "name": role.name, "permissions": str(role.permissions)}
            for role in guild.roles.values()
        ],
        "channels": [
            {
                "id": str(channel.id),
                "name": channel.name,
                "kind": _KIND_NAMES[channel.kind],
                "category": None if channel.parent_id is None else names[channel.parent_id],
                "user_limit": channel.user_limit,
                "connected": [member.user.name for member in guild.connected(channel.id)],
            }
            for channel in guild.channels.values()
        ],
        "members": [_member(guild, member) for member in guild.members.values()],
    }


def _member(guild: Guild, member: GuildMember) -> JsonObject:
    voice = member.voice
    return {
        "id": str(member.user.id),
        "name": member.user.name,
        "bot": member.user.bot,
        "roles": [guild.roles[role_id].name for role_id in sorted(member.roles)],
        "mute": member.guild_mute,
        "deaf": member.guild_deaf,
        "timed_out_until": instant(member.timed_out_until),
        "takes_messages": member.user.takes_messages,
        "voice": None
        if voice is None
        else {
            "channel": guild.channels[voice.channel_id].name,
            "self_mute": voice.self_mute,
            "self_deaf": voice.self_deaf,
            "camera": voice.camera,
            "streaming": voice.streaming,
            "suppressed": voice.suppressed,
        },
    }
