"""The JSON in which Discord speaks of the things of the world, shared by REST and gateway.

Source: Discord developer documentation, the object tables of "User", "Guild", "Channel",
"Permissions" and "Voice"; and what hikari 2.6 reads without asking whether it is there.
"""

from datetime import datetime

from voxguard.model.world import ChannelKind
from voxguard.sandbox.world.state import Guild, GuildChannel, GuildMember, GuildRole, User
from voxguard.sandbox.world.world import Bot, JsonObject, World

CHANNEL_TYPES = {
    ChannelKind.OTHER: 0,
    ChannelKind.VOICE: 2,
    ChannelKind.CATEGORY: 4,
    ChannelKind.STAGE: 13,
}


# A bot in fewer than 100 guilds has the "limited" flag of an intent that it is allowed.
_INTENT_FLAGS = {"presences": 1 << 13, "members": 1 << 15, "message_content": 1 << 19}


def application_flags(bot: Bot) -> int:
    """The flags of the bot's application: which privileged intents it is allowed."""
    return sum(flag for name, flag in _INTENT_FLAGS.items() if name in bot.privileged_intents)


def instant(value: datetime | None) -> str | None:
    """An instant as Discord writes it."""
    return None if value is None else value.isoformat(timespec="microseconds")


def user_json(user: User) -> JsonObject:
    """A user object."""
    return {
        "id": str(user.id),
        "username": user.name,
        "global_name": None,
        "discriminator": "0",
        "avatar": None,
        "banner": None,
        "accent_color": None,
        "avatar_decoration_data": None,
        "collectibles": None,
        "primary_guild": None,
        "bot": user.bot,
        "system": False,
        "public_flags": 0,
        "flags": 0,
    }


def own_user_json(user: User) -> JsonObject:
    """The bot's own user object, with what only its owner may see."""
    return {
        **user_json(user),
        "mfa_enabled": True,
        "locale": "en-US",
        "verified": True,
        "email": None,
        "premium_type": 0,
    }


def member_json(member: GuildMember) -> JsonObject:
    """A guild member object."""
    return {
        "user": user_json(member.user),
        "nick": member.nick,
        "avatar": None,
        "banner": None,
        "avatar_decoration_data": None,
        "roles": [str(role_id) for role_id in sorted(member.roles)],
        "joined_at": instant(member.joined_at),
        "premium_since": None,
        "deaf": member.guild_deaf,
        "mute": member.guild_mute,
        "flags": 0,
        "pending": False,
        "communication_disabled_until": instant(member.timed_out_until),
    }


def role_json(role: GuildRole) -> JsonObject:
    """A role object."""
    return {
        "id": str(role.id),
        "name": role.name,
        "description": None,
        "permissions": str(role.permissions),
        "position": role.position,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": role.managed,
        "mentionable": False,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
    }


def channel_json(guild: Guild, channel: GuildChannel) -> JsonObject:
    """A guild channel object."""
    payload: JsonObject = {
        "id": str(channel.id),
        "type": CHANNEL_TYPES[channel.kind],
        "guild_id": str(guild.id),
        "name": channel.name,
        "position": channel.position,
        "parent_id": None if channel.parent_id is None else str(channel.parent_id),
        "nsfw": False,
        "flags": 0,
        "permission_overwrites": [
            {
                "id": str(overwrite.target_id),
                "type": 0 if overwrite.is_role else 1,
                "allow": str(overwrite.allow),
                "deny": str(overwrite.deny),
            }
            for overwrite in channel.overwrites
        ],
    }
    if channel.is_voice:
        payload |= {
            "bitrate": 64_000,
            "user_limit": channel.user_limit,
            "rtc_region": None,
            "video_quality_mode": 1,
            "rate_limit_per_user": 0,
            "last_message_id": None,
        }
    elif channel.kind is ChannelKind.OTHER:
        payload |= {"topic": None, "rate_limit_per_user": 0, "last_message_id": None}
    return payload


def voice_state_json(guild: Guild, member: GuildMember, *, with_member: bool = True) -> JsonObject:
    """A voice state object; a channel of null says that the member is not connected."""
    voice = member.voice
    payload: JsonObject = {
        "guild_id": str(guild.id),
        "channel_id": None if voice is None else str(voice.channel_id),
        "user_id": str(member.user.id),
        # One gateway session of the user's client spans many visits, so this tells none apart.
        "session_id": f"{member.user.id:032x}",
        "deaf": member.guild_deaf,
        "mute": member.guild_mute,
        "self_deaf": voice is not None and voice.self_deaf,
        "self_mute": voice is not None and voice.self_mute,
        "self_stream": voice is not None and voice.streaming,
        "self_video": voice is not None and voice.camera,
        "suppress": voice is not None and voice.suppressed,
        "request_to_speak_timestamp": None,
    }
    if with_member:
        payload["member"] = member_json(member)
    return payload


def guild_json(guild: Guild) -> JsonObject:
    """The part of a guild object that REST and gateway share."""
    return {
        "id": str(guild.id),
        "name": guild.name,
        "icon": None,
        "description": None,
        "home_header": None,
        "splash": None,
        "discovery_splash": None,
        "features": [],
        "banner": None,
        "owner_id": str(guild.owner_id),
        "application_id": None,
        "region": "deprecated",
        "afk_channel_id": None if guild.afk_channel_id is None else str(guild.afk_channel_id),
        "afk_timeout": 300,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "widget_enabled": False,
        "widget_channel_id": None,
        "verification_level": 1,
        "roles": [role_json(role) for role in guild.roles.values()],
        "emojis": [],
        "stickers": [],
        "default_message_notifications": 1,
        "mfa_level": 0,
        "explicit_content_filter": 2,
        "max_presences": None,
        "max_members": 500_000,
        "max_stage_video_channel_users": 50,
        "max_video_channel_users": 25,
        "vanity_url_code": None,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "preferred_locale": "en-US",
        "rules_channel_id": None,
        "safety_alerts_channel_id": None,
        "public_updates_channel_id": None,
        "premium_progress_bar_enabled": False,
        "nsfw": False,
        "nsfw_level": 0,
        "incidents_data": None,
    }


def guild_create_json(world: World, guild: Guild) -> JsonObject:
    """GUILD_CREATE: the whole guild, with the members in voice and the bot.

    hikari drops the event when the user of a voice state is not among the members.
    """
    bot = world.bot_member(guild)
    connected = guild.connected()
    listed = [bot, *(member for member in connected if member is not bot)]
    return {
        **guild_json(guild),
        "joined_at": instant(bot.joined_at),
        "large": len(guild.members) > 250,
        "unavailable": False,
        "member_count": len(guild.members),
        "channels": [channel_json(guild, channel) for channel in guild.channels.values()],
        "members": [member_json(member) for member in listed],
        "voice_states": [voice_state_without_guild(guild, member) for member in connected],
        "threads": [],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }


def voice_state_without_guild(guild: Guild, member: GuildMember) -> JsonObject:
    """A voice state as GUILD_CREATE lists it: without guild and member."""
    payload = voice_state_json(guild, member, with_member=False)
    del payload["guild_id"]
    return payload
