"""Guilds, their channels and roles, users, the application, and the way to the gateway."""

from voxguard.model.ids import UserId
from voxguard.sandbox.rest import errors
from voxguard.sandbox.rest.call import Call
from voxguard.sandbox.world.payloads import (
    application_flags,
    channel_json,
    guild_json,
    own_user_json,
    role_json,
    user_json,
)
from voxguard.sandbox.world.world import JsonObject


def get_gateway(call: Call) -> JsonObject:
    """Where the gateway is: on the host and port that the caller used."""
    return {"url": f"ws://{call.host}/gateway"}


def get_gateway_bot(call: Call) -> JsonObject:
    """Where the gateway is and how many sessions may still be started."""
    return {
        **get_gateway(call),
        "shards": 1,
        "session_start_limit": {
            "total": 1000,
            "remaining": call.backend.session_starts_left(),
            "reset_after": 86_400_000,
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
    """The guilds that the bot is in, with its permissions there."""
    world = call.world
    return [
        {
            "id": str(guild.id),
            "name": guild.name,
            "icon": None,
            "banner": None,
            "owner": guild.owner_id == world.bot.user.id,
            "permissions": str(int(guild.permissions(world.bot_member(guild)))),
            "features": [],
        }
        for guild in world.guilds.values()
    ]


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
    payload = guild_json(guild)
    if call.query.get("with_counts", "").lower() in {"1", "true"}:
        payload["approximate_member_count"] = len(guild.members)
        payload["approximate_presence_count"] = len(guild.members)
    return payload


def list_channels(call: Call) -> list[JsonObject]:
    """The guild's channels."""
    guild = call.guild()
    return [channel_json(guild, channel) for channel in guild.channels.values()]


def list_roles(call: Call) -> list[JsonObject]:
    """The guild's roles."""
    return [role_json(role) for role in call.guild().roles.values()]
