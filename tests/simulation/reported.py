"""What a dispatch tells of members: which mutes and roles are on, and whether they are audience."""

from collections.abc import Iterator
from typing import Any

from voxguard.model.ids import GuildId, UserId

Told = tuple[GuildId, UserId, set[str]]
"""A member, and what is on of them as far as it is told; with roles comes "roles" itself."""

FLAGS = frozenset({"mute", "deafen", "suppress"})
ENTRIES = {"mute": "mute", "deaf": "deafen"}


def reported(name: str, payload: dict[str, Any]) -> Iterator[Told]:
    """Each member of whom the dispatch says what is on."""
    match name:
        case "VOICE_STATE_UPDATE":
            guild_id = GuildId(int(payload["guild_id"]))
            yield _voice(guild_id, payload)
            yield _member(guild_id, payload["member"])
        case "GUILD_MEMBER_UPDATE" | "GUILD_MEMBER_ADD":
            yield _member(GuildId(int(payload["guild_id"])), payload)
        case "GUILD_CREATE":
            guild_id = GuildId(int(payload["id"]))
            yield from (_voice(guild_id, state) for state in payload["voice_states"])
            yield from (_member(guild_id, member) for member in payload["members"])
        case _:
            pass


def signed(payload: dict[str, Any]) -> Iterator[tuple[GuildId, UserId, str]]:
    """What an entry of the audit log says to have been set."""
    key = GuildId(int(payload["guild_id"])), UserId(int(payload["target_id"] or 0))
    for change in payload.get("changes", ()):
        name, new = change["key"], change.get("new_value")
        if name in ENTRIES and new:
            yield *key, ENTRIES[name]
        elif name == "$add":
            yield from ((*key, f"role:{role['id']}") for role in new)


def _voice(guild_id: GuildId, state: dict[str, Any]) -> Told:
    names = (("mute", "mute"), ("deaf", "deafen"), ("suppress", "suppress"))
    return guild_id, UserId(int(state["user_id"])), {name for key, name in names if state[key]}


def _member(guild_id: GuildId, member: dict[str, Any]) -> Told:
    roles = {f"role:{role_id}" for role_id in member["roles"]}
    return guild_id, UserId(int(member["user"]["id"])), roles | {"roles"}
