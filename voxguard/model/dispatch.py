"""Discord's gateway dispatches, by name and payload, as events.

Source: Discord developer documentation, "Gateway Events". Unknown names and keys are
ignored; what is needed and missing, or of a wrong type, is a DispatchError.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from voxguard.model.events import (
    ChannelChanged,
    ChannelDeleted,
    Event,
    GuildAppeared,
    GuildChanged,
    GuildVanished,
    MemberChanged,
    MemberRemoved,
    RoleChanged,
    RoleDeleted,
    VoiceStateChanged,
)
from voxguard.model.ids import MAX_ID, ChannelId, GuildId, RoleId, UserId
from voxguard.model.world import (
    Channel,
    ChannelKind,
    GuildSnapshot,
    Member,
    Overwrite,
    Role,
    VoiceState,
)

Payload = Mapping[str, Any]


class DispatchError(ValueError):
    """A payload that is not what Discord documents."""


CHANNEL_KINDS = {2: ChannelKind.VOICE, 4: ChannelKind.CATEGORY, 13: ChannelKind.STAGE}
"""Discord developer documentation, "Channel Types"; the others do not matter here."""


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


def parse_id(value: object) -> int:
    """A snowflake, which Discord sends as a string.

    Raises:
        DispatchError: It is not one.

    """
    # What Discord sends; up to 18 digits are surely not above the limit.
    if type(value) is str and len(value) <= 18 and value.isdecimal() and value.isascii():
        return int(value)
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise DispatchError(f"{value!r} is not an id")
    text = str(value)
    if not (text.isascii() and text.isdecimal()) or (number := int(text[:20])) > MAX_ID:
        raise DispatchError(f"{value!r} is not an id")
    return number


def _optional_id(value: object) -> int | None:
    return None if value is None else parse_id(value)


def _optional_channel(value: object) -> ChannelId | None:
    return None if value is None else ChannelId(parse_id(value))


def _instant(value: object) -> datetime | None:
    """An instant; None where it is unknown, as `joined_at` of a guest is."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise DispatchError(f"{value!r} is not an instant")
    try:
        instant = datetime.fromisoformat(value)
    except ValueError as error:
        raise DispatchError(f"{value!r} is not an instant") from error
    if instant.tzinfo is None:
        raise DispatchError(f"{value!r} has no time zone")
    return instant


def _bits(value: object) -> int:
    """Permission bits, which Discord sends as a decimal string."""
    return 0 if value is None else parse_id(value)


def _list(value: object) -> Sequence[Any]:
    if value is None:
        return ()
    if not isinstance(value, list):
        raise DispatchError(f"{value!r} is not a list")
    return value


def parse_member(payload: Payload) -> Member:
    """A guild member object with its user."""
    user = payload["user"]
    return Member(
        user_id=UserId(parse_id(user["id"])),
        roles=frozenset(RoleId(parse_id(role)) for role in _list(payload.get("roles"))),
        bot=bool(user.get("bot", False)),
        joined_at=_instant(payload.get("joined_at")),
        name=str(payload.get("nick") or user.get("global_name") or user.get("username") or ""),
    )


def parse_role(payload: Payload) -> Role:
    """A role object."""
    return Role(
        id=RoleId(parse_id(payload["id"])),
        permissions=_bits(payload.get("permissions")),
        name=str(payload.get("name") or ""),
    )


def parse_channel(payload: Payload) -> Channel:
    """A channel object."""
    return Channel(
        id=ChannelId(parse_id(payload["id"])),
        kind=CHANNEL_KINDS.get(payload.get("type", 2), ChannelKind.OTHER),
        parent_id=_optional_channel(payload.get("parent_id")),
        name=str(payload.get("name") or ""),
        overwrites=tuple(
            Overwrite(
                target_id=parse_id(each["id"]),
                is_role=each.get("type", 0) in (0, "0", "role"),
                allow=_bits(each.get("allow")),
                deny=_bits(each.get("deny")),
            )
            for each in _list(payload.get("permission_overwrites"))
        ),
    )


def parse_voice_state(payload: Payload) -> VoiceState:
    """A voice state object."""
    return VoiceState(
        user_id=UserId(parse_id(payload["user_id"])),
        channel_id=_optional_channel(payload.get("channel_id")),
        guild_mute=bool(payload.get("mute", False)),
        guild_deaf=bool(payload.get("deaf", False)),
        self_mute=bool(payload.get("self_mute", False)),
        self_deaf=bool(payload.get("self_deaf", False)),
        suppressed=bool(payload.get("suppress", False)),
        camera=bool(payload.get("self_video", False)),
        streaming=bool(payload.get("self_stream", False)),
    )


def _guild_create(payload: Payload) -> Event | None:
    if payload.get("unavailable"):
        return None
    owner_id = _optional_id(payload.get("owner_id"))
    return GuildAppeared(
        GuildSnapshot(
            id=GuildId(parse_id(payload["id"])),
            owner_id=None if owner_id is None else UserId(owner_id),
            afk_channel_id=_optional_channel(payload.get("afk_channel_id")),
            name=str(payload.get("name") or ""),
            roles=tuple(map(parse_role, _list(payload.get("roles")))),
            channels=tuple(map(parse_channel, _list(payload.get("channels")))),
            members=tuple(map(parse_member, _list(payload.get("members")))),
            voice_states=tuple(map(parse_voice_state, _list(payload.get("voice_states")))),
        )
    )


def _guild_update(payload: Payload) -> Event:
    owner_id = _optional_id(payload.get("owner_id"))
    return GuildChanged(
        guild_id=GuildId(parse_id(payload["id"])),
        owner_id=None if owner_id is None else UserId(owner_id),
        afk_channel_id=_optional_channel(payload.get("afk_channel_id")),
        roles=tuple(map(parse_role, _list(payload.get("roles")))),
    )


def _guild_delete(payload: Payload) -> Event:
    return GuildVanished(GuildId(parse_id(payload["id"])))


def _voice_state_update(payload: Payload) -> Event | None:
    guild_id = _optional_id(payload.get("guild_id"))
    if guild_id is None:
        return None
    state = parse_voice_state(payload)
    member = payload.get("member")
    known = None
    # The member object is optional; a partial one would say that they have no roles.
    if member is not None and "roles" in member:
        known = parse_member({"user": {"id": state.user_id}, **member})
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
    guild_id = _optional_id(payload.get("guild_id"))
    return None if guild_id is None else ChannelChanged(GuildId(guild_id), parse_channel(payload))


def _channel_delete(payload: Payload) -> Event | None:
    guild_id = _optional_id(payload.get("guild_id"))
    if guild_id is None:
        return None
    return ChannelDeleted(GuildId(guild_id), ChannelId(parse_id(payload["id"])))


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
}
"""The dispatches that matter, by Discord's own names."""
