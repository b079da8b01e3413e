"""The store of application commands, global ones and those of a guild."""

from voxguard.model.ids import GuildId
from voxguard.sandbox.rest import errors
from voxguard.sandbox.rest.call import Call
from voxguard.sandbox.world.names import id_for
from voxguard.sandbox.world.world import JsonObject

MAX_COMMANDS = 200
"""More than Discord takes of all kinds together."""


def list_commands(call: Call) -> list[JsonObject]:
    """The commands that were put last; none at first."""
    return call.backend.commands.get(_scope(call), [])


def put_commands(call: Call) -> list[JsonObject]:
    """Replace all commands of the scope by these."""
    scope = _scope(call)
    if not isinstance(call.body, list) or len(call.body) > MAX_COMMANDS:
        raise errors.invalid_json()
    version = str(call.world.make_id())
    commands = [_stored(call, scope, command, version) for command in call.body]
    call.backend.commands[scope] = commands
    return commands


def _stored(call: Call, scope: GuildId | None, command: object, version: str) -> JsonObject:
    if not isinstance(command, dict) or not isinstance(command.get("name"), str):
        raise errors.invalid_form("name", "This field is required", "BASE_TYPE_REQUIRED")
    kind = command.get("type", 1)
    identity = {
        "id": str(id_for("command", str(scope), str(kind), command["name"])),
        "application_id": str(call.world.bot.user.id),
        "version": version,
    }
    if scope is not None:
        identity["guild_id"] = str(scope)
    defaults = {"type": kind, "description": "", "default_member_permissions": None}
    return {**defaults, **command, **identity}


def _scope(call: Call) -> GuildId | None:
    if call.param("application") != call.world.bot.user.id:
        raise errors.missing_access()
    return call.guild().id if "guild" in call.params else None
