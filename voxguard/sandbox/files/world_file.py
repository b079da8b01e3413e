"""The world file: guilds with their roles, channels and members, as a person writes them."""

import base64
from pathlib import Path

from voxguard.model.ids import UserId
from voxguard.sandbox.clock import Clock
from voxguard.sandbox.files.guild_file import read_guild
from voxguard.sandbox.files.yaml_file import Node, YamlFile
from voxguard.sandbox.limits import DEFAULT_LIMITS, Limit
from voxguard.sandbox.world.names import id_for
from voxguard.sandbox.world.state import Guild, User
from voxguard.sandbox.world.world import Bot, World

MAX_REQUESTS = 1_000_000
_INTENTS = ("members", "presences", "message_content")


def read_world(
    path: Path, *, clock: Clock | None = None, token: str | None = None
) -> tuple[World, dict[str, Limit]]:
    """The world and the rate limits of a file.

    `token` replaces that of the file. Raises `UsageError` that lists every mistake with its
    line and column.
    """
    file = YamlFile(path)
    fields = file.root().fields(("version", "bot", "guilds", "limits"))
    if "version" not in fields or fields["version"].value != 1:
        fields.get("version", file.root()).fail("'version: 1' is expected here")
    bot = _bot(fields.get("bot"), token)
    limits = dict(DEFAULT_LIMITS)
    if "limits" in fields:
        limits |= _limits(fields["limits"])
    people: dict[str, User] = {bot.user.name: bot.user}
    guilds: list[Guild] = []
    for name, node in fields["guilds"].entries().items() if "guilds" in fields else ():
        guild = read_guild(name, node, bot, people)
        if any(guild.id == other.id for other in guilds):
            node.fail(f"two guilds have the id {guild.id}", at_key=True)
        guilds.append(guild)
    if not guilds:
        fields.get("guilds", file.root()).fail("at least one guild is expected under 'guilds'")
    file.check()
    return World(bot, guilds, clock=clock), limits


def _bot(node: Node | None, token: str | None) -> Bot:
    fields = {} if node is None else node.fields(("id", "name", "token", "intents"))
    name = (fields["name"].text() if "name" in fields else None) or "voxguard"
    own_id = fields["id"].id() if "id" in fields else None
    written = fields["token"].text() if "token" in fields else None
    allowed = frozenset({"members"})
    if "intents" in fields:
        items = fields["intents"].items()
        allowed = frozenset(found for item in items if (found := item.choice(_INTENTS)))
    user = User(UserId(own_id or id_for("user", name)), name, bot=True)
    return Bot(user, token or written or token_for(user.id), allowed)


def token_for(bot_id: UserId) -> str:
    """A token of the shape of Discord's, whose first part is the bot's id; libraries check it."""
    return f"{base64.b64encode(str(bot_id).encode()).decode().rstrip('=')}.sandbox.token"


def _limits(node: Node) -> dict[str, Limit]:
    found = {}
    for name, limit in node.fields(DEFAULT_LIMITS).items():
        fields = limit.fields(("max", "within"))
        most = fields["max"].number(1, MAX_REQUESTS) if "max" in fields else None
        seconds = fields["within"].seconds() if "within" in fields else None
        if not most or not seconds:
            limit.fail("{max: 10, within: 10s} or the like is expected here")
        else:
            found[name] = Limit(most, seconds)
    return found
