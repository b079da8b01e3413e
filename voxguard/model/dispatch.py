"""Discord's gateway dispatches, by name and payload, as events.

Source: Discord developer documentation, "Gateway Events". Unknown names and keys are
ignored; what is needed and missing, or of a wrong type, is a DispatchError.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from voxguard.model.decisions import Effect
from voxguard.model.events import (
    ChannelChanged,
    ChannelDeleted,
    Echo,
    Event,
    GuildAppeared,
    GuildChanged,
    GuildVanished,
    HandSeen,
    MemberChanged,
    MemberRemoved,
    RoleChanged,
    RoleDeleted,
    VoiceStateChanged,
)
from voxguard.model.ids import ChannelId, GuildId, RoleId, UserId, created_at
from voxguard.model.payloads import (
    DispatchError,
    Payload,
    optional_channel,
    optional_id,
    parse_channel,
    parse_id,
    parse_list,
    parse_member,
    parse_role,
    parse_voice_state,
)
from voxguard.model.world import GuildSnapshot


def parse_dispatch(name: str, payload: object) -> Event | None:
    """The event that a dispatch stands for; None where it concerns nothing here.

    Raises:
        DispatchError: Something that is needed is missing or is not what it should be.

    """
    parser = PARSERS.get(name)
    if parser is None:
        return None
    if not isinstance(payload, dict):
        raise DispatchError(f"the payload of {name} is not an object")
    try:
        return parser(payload)
    except KeyError as error:
        raise DispatchError(f"{name} without {error}") from error
    except (TypeError, AttributeError, OverflowError) as error:
        raise DispatchError(f"{name} has a value of a wrong type ({error})") from error


def _guild_create(payload: Payload) -> Event | None:
    if payload.get("unavailable"):
        return None
    owner_id = optional_id(payload.get("owner_id"))
    return GuildAppeared(
        GuildSnapshot(
            id=GuildId(parse_id(payload["id"])),
            owner_id=None if owner_id is None else UserId(owner_id),
            afk_channel_id=optional_channel(payload.get("afk_channel_id")),
            name=str(payload.get("name") or ""),
            roles=tuple(map(parse_role, parse_list(payload.get("roles")))),
            channels=tuple(map(parse_channel, parse_list(payload.get("channels")))),
            members=tuple(map(parse_member, parse_list(payload.get("members")))),
            voice_states=tuple(map(parse_voice_state, parse_list(payload.get("voice_states")))),
        )
    )


def _guild_update(payload: Payload) -> Event:
    owner_id = optional_id(payload.get("owner_id"))
    return GuildChanged(
        guild_id=GuildId(parse_id(payload["id"])),
        owner_id=None if owner_id is None else UserId(owner_id),
        afk_channel_id=optional_channel(payload.get("afk_channel_id")),
        roles=tuple(map(parse_role, parse_list(payload.get("roles")))),
    )


def _guild_delete(payload: Payload) -> Event:
    return GuildVanished(GuildId(parse_id(payload["id"])))


def _voice_state_update(payload: Payload) -> Event | None:
    guild_id = optional_id(payload.get("guild_id"))
    if guild_id is None:
        return None
    state = parse_voice_state(payload)
    member = payload.get("member")
    known = None
    # The member object is optional; a partial one would say that they have no roles.
    if member is not None and "roles" in member:
        whole = member if "user" in member else {"user": {"id": state.user_id}, **member}
        known = parse_member(whole)
    return VoiceStateChanged(GuildId(guild_id), state, known)


def _member_change(payload: Payload) -> Event:
    return MemberChanged(GuildId(parse_id(payload["guild_id"])), parse_member(payload))


def _member_remove(payload: Payload) -> Event:
    return MemberRemoved(
        GuildId(parse_id(payload["guild_id"])), UserId(parse_id(payload["user"]["id"]))
    )


def _role_change(payload: Payload) -> Event:
    return RoleChanged(GuildId(parse_id(payload["guild_id"])), parse_role(payload["role"]))


def _role_delete(payload: Payload) -> Event:
    return RoleDeleted(GuildId(parse_id(payload["guild_id"])), RoleId(parse_id(payload["role_id"])))


def _channel_change(payload: Payload) -> Event | None:
    guild_id = optional_id(payload.get("guild_id"))
    return None if guild_id is None else ChannelChanged(GuildId(guild_id), parse_channel(payload))


def _channel_delete(payload: Payload) -> Event | None:
    guild_id = optional_id(payload.get("guild_id"))
    if guild_id is None:
        return None
    return ChannelDeleted(GuildId(guild_id), ChannelId(parse_id(payload["id"])))


def _audit_log_entry(payload: Payload) -> Event | None:
    by, target = optional_id(payload.get("user_id")), optional_id(payload.get("target_id"))
    changes = frozenset(_audited(payload.get("action_type"), payload.get("changes")))
    if by is None or target is None or not changes:
        return None
    entry_id = optional_id(payload.get("id"))
    done_at = None if entry_id is None else created_at(entry_id)
    guild_id = GuildId(parse_id(payload["guild_id"]))
    return HandSeen(guild_id, UserId(target), UserId(by), changes, done_at)


def _audited(action: object, changes: object) -> Iterator[Echo]:
    """What an entry says of mute, deafen and roles.

    Moves and disconnects (26, 27) name nobody and are merged. What is done to the audience of
    a stage is not in the log.
    """
    if action not in (_MEMBER_UPDATE, _MEMBER_ROLE_UPDATE):
        return
    for change in parse_list(changes):
        match change:
            case {"key": "mute", "new_value": bool(on)}:
                yield (Effect.MUTE if on else Effect.UNMUTE), None
            case {"key": "deaf", "new_value": bool(on)}:
                yield (Effect.DEAFEN if on else Effect.UNDEAFEN), None
            case {"key": "$add" | "$remove" as key, "new_value": [*roles]}:
                effect = Effect.GRANT if key == "$add" else Effect.REVOKE
                for role in roles:
                    yield effect, RoleId(parse_id(role["id"]))
            case _:
                pass


_MEMBER_UPDATE: Final = 24
_MEMBER_ROLE_UPDATE: Final = 25
"""Discord developer documentation, "Audit Logs"."""

PARSERS: Mapping[str, Callable[[Payload], Event | None]] = {
    "GUILD_CREATE": _guild_create,
    "GUILD_UPDATE": _guild_update,
    "GUILD_DELETE": _guild_delete,
    "VOICE_STATE_UPDATE": _voice_state_update,
    "GUILD_MEMBER_ADD": _member_change,
    "GUILD_MEMBER_UPDATE": _member_change,
    "GUILD_MEMBER_REMOVE": _member_remove,
    "GUILD_ROLE_CREATE": _role_change,
    "GUILD_ROLE_UPDATE": _role_change,
    "GUILD_ROLE_DELETE": _role_delete,
    "CHANNEL_CREATE": _channel_change,
    "CHANNEL_UPDATE": _channel_change,
    "CHANNEL_DELETE": _channel_delete,
    "GUILD_AUDIT_LOG_ENTRY_CREATE": _audit_log_entry,
}
"""The dispatches that matter, by Discord's own names."""
