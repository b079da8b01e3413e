"""Discord's objects as they come in payloads, read into the vocabulary.

Source: Discord developer documentation, the pages of each resource. Unknown keys are
ignored; what is needed and missing, or of a wrong type, is an error.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, cast

from voxguard.model.ids import MAX_ID, ChannelId, RoleId, UserId
from voxguard.model.world import Channel, ChannelKind, Member, Overwrite, Role, VoiceState

Payload = Mapping[str, Any]


class DispatchError(ValueError):
    """A payload that is not what Discord documents."""


CHANNEL_KINDS = {2: ChannelKind.VOICE, 4: ChannelKind.CATEGORY, 13: ChannelKind.STAGE}
"""Discord developer documentation, "Channel Types"; the others do not matter here."""


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


# A generator of RoleId(parse_id(…)) takes twice as long, at every voice state that comes.
_parse_role_id = cast("Callable[[object], RoleId]", parse_id)


def optional_id(value: object) -> int | None:
    """A snowflake, or None where there is none."""
    return None if value is None else parse_id(value)


def optional_channel(value: object) -> ChannelId | None:
    """A channel's id, or None where there is none."""
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
    # Decisions fall on instants that are counted from this one, and those are in UTC.
    return instant if instant.tzinfo is UTC else instant.astimezone(UTC)


def _bits(value: object) -> int:
    """Permission bits, which Discord sends as a decimal string."""
    return 0 if value is None else parse_id(value)


def parse_list(value: object) -> Sequence[Any]:
    """An array, empty where it is left out."""
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
        roles=frozenset(map(_parse_role_id, parse_list(payload.get("roles")))),
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
        parent_id=optional_channel(payload.get("parent_id")),
        name=str(payload.get("name") or ""),
        overwrites=tuple(
            Overwrite(
                target_id=parse_id(each["id"]),
                is_role=each.get("type", 0) in (0, "0", "role"),
                allow=_bits(each.get("allow")),
                deny=_bits(each.get("deny")),
            )
            for each in parse_list(payload.get("permission_overwrites"))
        ),
    )


def parse_voice_state(payload: Payload) -> VoiceState:
    """A voice state object."""
    return VoiceState(
        user_id=UserId(parse_id(payload["user_id"])),
        channel_id=optional_channel(payload.get("channel_id")),
        guild_mute=bool(payload.get("mute", False)),
        guild_deaf=bool(payload.get("deaf", False)),
        self_mute=bool(payload.get("self_mute", False)),
        self_deaf=bool(payload.get("self_deaf", False)),
        suppressed=bool(payload.get("suppress", False)),
        camera=bool(payload.get("self_video", False)),
        streaming=bool(payload.get("self_stream", False)),
    )
