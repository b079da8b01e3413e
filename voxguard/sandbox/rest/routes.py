"""The table of routes: method, path, the bucket it counts to, and who answers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from voxguard.sandbox.rest import commands, member_edit, members, messages, reads
from voxguard.sandbox.rest.call import Call

PREFIX = "/api/v10"


@dataclass(frozen=True, slots=True)
class Route:
    """One thing that can be asked. An answer of None is 204 without a body."""

    method: str
    path: str
    bucket: str
    answer: Callable[[Call], Any]
    needs_token: bool = True


ROUTES = (
    Route("GET", "/gateway", "read", reads.get_gateway, needs_token=False),
    Route("GET", "/gateway/bot", "read", reads.get_gateway_bot),
    Route("GET", "/users/@me", "read", reads.get_own_user),
    Route("GET", "/users/@me/guilds", "read", reads.list_own_guilds),
    Route("POST", "/users/@me/channels", "direct_channel", messages.open_direct_channel),
    Route("GET", "/users/{user}", "read", reads.get_user),
    Route("GET", "/applications/@me", "read", reads.get_application),
    Route("GET", "/oauth2/applications/@me", "read", reads.get_application),
    Route("GET", "/applications/{application}/commands", "command", commands.list_commands),
    Route("PUT", "/applications/{application}/commands", "command", commands.put_commands),
    Route(
        "GET",
        "/applications/{application}/guilds/{guild}/commands",
        "command",
        commands.list_commands,
    ),
    Route(
        "PUT",
        "/applications/{application}/guilds/{guild}/commands",
        "command",
        commands.put_commands,
    ),
    Route("GET", "/guilds/{guild}", "read", reads.get_guild),
    Route("GET", "/guilds/{guild}/channels", "read", reads.list_channels),
    Route("GET", "/guilds/{guild}/roles", "read", reads.list_roles),
    Route("GET", "/guilds/{guild}/members", "read", members.list_members),
    Route("GET", "/guilds/{guild}/members/{user}", "read", members.get_member),
    Route("PATCH", "/guilds/{guild}/members/{user}", "member_edit", member_edit.edit_member),
    Route("PUT", "/guilds/{guild}/members/{user}/roles/{role}", "member_role", members.add_role),
    Route(
        "DELETE",
        "/guilds/{guild}/members/{user}/roles/{role}",
        "member_role",
        members.remove_role,
    ),
    Route("GET", "/guilds/{guild}/voice-states/{user}", "read", members.get_voice_state),
    Route("PATCH", "/guilds/{guild}/voice-states/{user}", "voice_state", members.edit_voice_state),
    Route("GET", "/channels/{channel}", "read", messages.get_channel),
    Route("POST", "/channels/{channel}/messages", "message", messages.send_message),
)
