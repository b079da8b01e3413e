"""Guilds, their channels and roles, users, the application, and the way to the gateway."""

from voxguard.model.ids import MAX_ID, UserId
from voxguard.sandbox.rest import errors
from voxguard.sandbox.rest.call import Call, as_id
from voxguard.sandbox.session_starts import STARTS_A_DAY
from voxguard.sandbox.world.payloads import (
    application_flags,
    channel_json,
    guild_json,
    own_user_json,
    role_json,
    user_json,
)
from voxguard.sandbox.world.state import Guild
from voxguard.sandbox.world.world import JsonObject

MAX_GUILDS = 200


def get_gateway(call: Call) -> JsonObject:
    """Where the gateway is: on the host and port that the caller used."""
    return {"url": f"ws://{call.host}/gateway"}


def get_gateway_bot(call: Call) -> JsonObject:
    """Where the gateway is and how many sessions may still be started."""
    starts = call.backend.starts
    return {
        **get_gateway(call),
        "shards": starts.shards,
        "session_start_limit": {
            "total": STARTS_A_DAY,
            "remaining": call.backend.session_starts_left(),
            "reset_after": int(starts.reset_after_seconds * 1000),
            "max_concurrency": 1,
        },
    }


def get_own_user(call: Call) -> JsonObject:
    """The bot's own user."""
    return own_user_json(call.world.bot.user)


def get_user(call: Call) -> JsonObject:
    """A user; 10013 for one who does not exist."""
    user = call.world.users.get(UserId(call.param("user")))
    if user is None:
        raise errors.unknown("User")
    return user_json(user)


def list_own_guilds(call: Call) -> list[JsonObject]:
    """A page of the guilds that the bot is in, with its permissions there."""
    limit = as_id(call.query.get("limit", str(MAX_GUILDS)), "limit")
    after = as_id(call.query.get("after", "0"), "after")
    before = as_id(call.query.get("before", str(MAX_ID)), "before")
    if not 1 <= limit <= MAX_GUILDS:
        raise errors.invalid_form("limit", f"int value should be between 1 and {MAX_GUILDS}.")
    ids = sorted(guild_id for guild_id in call.world.guilds if after < guild_id < before)
    return [_own_guild_json(call, call.world.guilds[guild_id]) for guild_id in ids[:limit]]


def get_application(call: Call) -> JsonObject:
    """The bot's application, whose id is the bot's own."""
    bot = call.world.bot
    flags = application_flags(bot)
    return {
        "id": str(bot.user.id),
        "name": bot.user.name,
        "icon": None,
        "description": "A bot in the sandbox",
        "type": None,
        "bot": user_json(bot.user),
        "bot_public": False,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": flags,
        "flags_new": str(flags),
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "owner": user_json(bot.user),
        "approximate_guild_count": len(call.world.guilds),
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "team": None,
        "eligible_oauth2_scopes": [],
    }


def get_guild(call: Call) -> JsonObject:
    """One guild, with counts when they are asked for."""
    guild = call.guild()
    return guild_json(guild) | _counts(call, guild)


def list_channels(call: Call) -> list[JsonObject]:
    """The guild's channels."""
    guild = call.guild()
    return [channel_json(guild, channel) for channel in guild.channels.values()]


def list_roles(call: Call) -> list[JsonObject]:
    """The guild's roles."""
    return [role_json(role) for role in call.guild().roles.values()]


def _own_guild_json(call: Call, guild: Guild) -> JsonObject:
    world = call.world
    return {
        "id": str(guild.id),
        "name": guild.name,
        "icon": None,
        "banner": None,
        "owner": guild.owner_id == world.bot.user.id,
        "permissions": str(int(guild.permissions(world.bot_member(guild)))),
        "features": [],
        **_counts(call, guild),
    }


def _counts(call: Call, guild: Guild) -> JsonObject:
    if call.query.get("with_counts", "").lower() not in {"1", "true"}:
        return {}
    count = len(guild.members)
    return {"approximate_member_count": count, "approximate_presence_count": count}
