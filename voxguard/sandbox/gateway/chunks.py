"""Request Guild Members: which members are asked for, in chunks of a thousand.

Source: Discord developer documentation, "Gateway Events" (Request Guild Members).
"""

from collections.abc import Iterator
from typing import Any

from voxguard.model.ids import GuildId, UserId
from voxguard.sandbox.gateway.intents import Intent
from voxguard.sandbox.world.payloads import member_json
from voxguard.sandbox.world.state import Guild, GuildMember
from voxguard.sandbox.world.world import JsonObject, World

CHUNK = 1000
MAX_ASKED = 100


def member_chunks(world: World, intents: int, data: dict[str, Any]) -> Iterator[JsonObject]:
    """The answers to a request, none for a guild that is not there.

    The whole list is only for sessions with the privileged intent; others get an empty one.
    """
    guild = world.guilds.get(GuildId(_as_id(data.get("guild_id"))))
    if guild is None:
        return
    found, not_found = _asked_for(guild, intents, data)
    pieces = [found[at : at + CHUNK] for at in range(0, len(found), CHUNK)] or [[]]
    for index, piece in enumerate(pieces):
        chunk: JsonObject = {
            "guild_id": str(guild.id),
            "members": [member_json(member) for member in piece],
            "chunk_index": index,
            "chunk_count": len(pieces),
        }
        if not_found:
            chunk["not_found"] = not_found
        if isinstance(data.get("nonce"), str):
            chunk["nonce"] = data["nonce"]
        yield chunk


def _asked_for(
    guild: Guild, intents: int, data: dict[str, Any]
) -> tuple[list[GuildMember], list[str]]:
    if data.get("user_ids") is not None:
        raw = data["user_ids"]
        asked = (raw if isinstance(raw, list) else [raw])[:MAX_ASKED]
        found = [
            guild.members[UserId(_as_id(item))] for item in asked if _as_id(item) in guild.members
        ]
        return found, [str(item) for item in asked if _as_id(item) not in guild.members]
    query, limit = str(data.get("query", "")), data.get("limit", 0)
    if not query and not limit:
        everybody = list(guild.members.values()) if intents & Intent.GUILD_MEMBERS else []
        return everybody, []
    matching = [m for m in guild.members.values() if m.user.name.startswith(query)]
    return matching[: limit if isinstance(limit, int) else MAX_ASKED], []


def _as_id(value: object) -> int:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 19 else 0
