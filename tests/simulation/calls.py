"""One act of the daemon's as a REST call that the sandbox answers, and the answer as a value."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from voxguard.discord.http import read_rate_limit
from voxguard.discord.rest import NOT_CONNECTED
from voxguard.model.ids import ChannelId, GuildId, UserId
from voxguard.ports.discord import (
    Act,
    Answer,
    Applied,
    MemberEdit,
    Message,
    NotConnected,
    OpenDirect,
    Opened,
    RateLimit,
    RateLimited,
    Refused,
    RoleEdit,
    Scope,
    StageEdit,
)
from voxguard.sandbox.limits import RateLimiter
from voxguard.sandbox.rest import errors, member_edit, members, messages
from voxguard.sandbox.rest.call import Backend, Call


@dataclass(frozen=True, slots=True)
class Asked:
    """A call before it is made: its bucket, who answers it, and what it says."""

    bucket: str
    major: str
    answer: Callable[[Call], Any]
    params: dict[str, str]
    body: dict[str, Any]


def asked(guild_id: GuildId, user_id: UserId, act: Act) -> Asked:
    """What the real client would send."""
    params = {"guild": str(guild_id), "user": str(user_id)}
    major = str(guild_id)
    match act:
        case MemberEdit():
            return Asked("member_edit", major, member_edit.edit_member, params, _fields(act))
        case RoleEdit(role_id=role_id, granted=granted):
            change = members.add_role if granted else members.remove_role
            return Asked("member_role", major, change, params | {"role": str(role_id)}, {})
        case StageEdit(channel_id=channel_id, suppressed=suppressed):
            body = {"channel_id": str(channel_id), "suppress": suppressed}
            return Asked("voice_state", major, members.edit_voice_state, params, body)
        case OpenDirect():
            body = {"recipient_id": str(user_id)}
            return Asked("direct_channel", "", messages.open_direct_channel, {}, body)
        case Message(channel_id=channel_id, text=text, nonce=nonce):
            to = {"channel": str(channel_id)}
            body = {
                "content": text,
                "nonce": nonce,
                "enforce_nonce": True,
                "allowed_mentions": {"parse": []},
            }
            return Asked("message", str(channel_id), messages.send_message, to, body)


def _fields(edit: MemberEdit) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if edit.mute is not None:
        fields["mute"] = edit.mute
    if edit.deaf is not None:
        fields["deaf"] = edit.deaf
    if edit.place is not None:
        channel_id = edit.place.channel_id
        fields["channel_id"] = None if channel_id is None else str(channel_id)
    if edit.timeout_until is not None:
        fields["communication_disabled_until"] = edit.timeout_until.isoformat()
    return fields


def perform(
    backend: Backend, limiter: RateLimiter, call: Asked, reason: str
) -> tuple[Answer, bool]:
    """Make the call; the answer, and whether a rate limit has kept it from being made."""
    verdict = limiter.admit(call.bucket, call.major)
    rate_limit = read_rate_limit(verdict.headers)
    if verdict.retry_after is not None:
        scope = Scope.GLOBAL if verdict.is_global else Scope.USER
        return RateLimited(verdict.retry_after, scope, rate_limit=rate_limit), True
    try:
        payload = call.answer(Call(backend, "discord", call.params, {}, call.body, reason))
    except errors.ApiError as error:
        return _refusal(error, rate_limit), False
    if call.bucket == "direct_channel":
        return Opened(ChannelId(int(payload["id"])), rate_limit=rate_limit), False
    return Applied(rate_limit=rate_limit), False


def _refusal(error: errors.ApiError, rate_limit: RateLimit | None) -> Answer:
    code = int(error.payload["code"])
    if code in NOT_CONNECTED:
        return NotConnected(rate_limit=rate_limit)
    return Refused(error.status, code, error.payload["message"], rate_limit=rate_limit)
