"""Acts upon members through hikari: one request, one answer, nothing waited for or repeated."""

import aiohttp
import hikari
from hikari import UNDEFINED

from voxguard.discord.app import App
from voxguard.discord.http import Seen, TooManyRequestsError, watched
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
    Refused,
    RoleEdit,
    StageEdit,
    Unreachable,
)

NOT_CONNECTED = (40032, 10065)
"""Not in voice, and without a voice state there (Discord, "JSON Error Codes")."""

LONGEST_TEXT = 200


class DiscordActor:
    """Does what is to be done; what Discord answers is a value, whatever it is."""

    def __init__(self, app: App) -> None:
        """Send through the app's direct client."""
        self._client = app.direct

    async def act(self, guild_id: GuildId, user_id: UserId, act: Act, reason: str) -> Answer:
        """Send one request at once and say how it went; nothing is waited for or repeated."""
        with watched() as seen:
            opened = None
            try:
                opened = await self._send(guild_id, user_id, act, reason)
            except TooManyRequestsError as error:
                return error.answer
            except hikari.HTTPResponseError as error:
                return _refusal(error, seen.rate_limit)
            except hikari.HTTPError as error:
                if not seen.is_success:
                    return _no_answer(error)
            except Exception:
                # What comes back is nothing that we need, so it may be anything.
                if not seen.is_success:
                    raise
            return _success(act, opened, seen)

    async def _send(
        self, guild_id: GuildId, user_id: UserId, act: Act, reason: str
    ) -> ChannelId | None:
        """Make the one request; the channel of direct messages where that was asked for."""
        match act:
            case MemberEdit():
                await self._edit_member(guild_id, user_id, act, reason)
            case RoleEdit(role_id=role_id, granted=granted):
                change = self._client.remove_role_from_member
                if granted:
                    change = self._client.add_role_to_member
                await change(guild_id, user_id, role_id, reason=reason or UNDEFINED)
            case StageEdit(channel_id=channel_id, suppressed=suppressed):
                # Discord takes no reason for the audit log here.
                await self._client.edit_voice_state(
                    guild_id, channel_id, user_id, suppress=suppressed
                )
            case OpenDirect():
                channel = await self._client.create_dm_channel(user_id)
                return ChannelId(int(channel.id))
            case Message():
                await self._send_message(act)
        return None

    async def _edit_member(
        self, guild_id: GuildId, user_id: UserId, edit: MemberEdit, reason: str
    ) -> None:
        """Source: Discord developer documentation, "Modify Guild Member"."""
        until = edit.timeout_until
        await self._client.edit_member(
            guild_id,
            user_id,
            mute=UNDEFINED if edit.mute is None else edit.mute,
            deaf=UNDEFINED if edit.deaf is None else edit.deaf,
            voice_channel=UNDEFINED if edit.place is None else edit.place.channel_id,
            communication_disabled_until=UNDEFINED if until is None else until,
            reason=reason or UNDEFINED,
        )

    async def _send_message(self, message: Message) -> None:
        """Notify nobody: whoever is allowed to be mentioned has to be named, and none is.

        Source: Discord developer documentation, "Create Message"; hikari asks Discord to
        enforce the nonce.
        """
        await self._client.create_message(
            message.channel_id,
            message.text,
            nonce=message.nonce,
            mentions_everyone=False,
            user_mentions=False,
            role_mentions=False,
        )


def _success(act: Act, opened: ChannelId | None, seen: Seen) -> Answer:
    if not isinstance(act, OpenDirect):
        return Applied(rate_limit=seen.rate_limit)
    if opened is None:
        reason = "Discord names no channel of direct messages"
        return Unreachable(reason, in_doubt=False, rate_limit=seen.rate_limit)
    return Opened(opened, rate_limit=seen.rate_limit)


def _refusal(error: hikari.HTTPResponseError, rate_limit: RateLimit | None) -> Answer:
    status = int(error.status)
    if status >= 500:
        return Unreachable(f"Discord answers {status}", in_doubt=True, rate_limit=rate_limit)
    code = int(error.code)
    if code in NOT_CONNECTED:
        return NotConnected(rate_limit=rate_limit)
    text = " ".join(error.message.split())[:LONGEST_TEXT] or f"HTTP {status}"
    return Refused(status, code, text, rate_limit=rate_limit)


def _no_answer(error: hikari.HTTPError) -> Unreachable:
    cause = error.__cause__
    never_sent = isinstance(cause, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError)
    reason = "no answer in time" if isinstance(cause, TimeoutError) else str(cause or error)
    return Unreachable(reason[:LONGEST_TEXT], in_doubt=not never_sent)
