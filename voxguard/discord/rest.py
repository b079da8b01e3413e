"""Edits of members through hikari: one request, one answer, nothing waited for or repeated."""

import aiohttp
import hikari
from hikari import UNDEFINED

from voxguard.discord.app import App
from voxguard.discord.http import TooManyRequestsError, watched
from voxguard.model.ids import GuildId, UserId
from voxguard.ports.discord import (
    Answer,
    Applied,
    MemberEdit,
    NotConnected,
    RateLimit,
    Refused,
    Unreachable,
)

NOT_CONNECTED = 40032
"""Discord developer documentation, "JSON Error Codes"."""

LONGEST_TEXT = 200


class DiscordEditor:
    """Edits members; what Discord answers is a value, whatever it is."""

    def __init__(self, app: App) -> None:
        """Send through the app's direct client."""
        self._client = app.direct

    async def edit_member(
        self, guild_id: GuildId, user_id: UserId, edit: MemberEdit, reason: str
    ) -> Answer:
        """Send one request at once and say how it went; nothing is waited for or repeated.

        Source: Discord developer documentation, "Modify Guild Member".
        """
        with watched() as seen:
            try:
                await self._client.edit_member(
                    guild_id,
                    user_id,
                    mute=UNDEFINED if edit.mute is None else edit.mute,
                    deaf=UNDEFINED if edit.deaf is None else edit.deaf,
                    voice_channel=UNDEFINED if edit.place is None else edit.place.channel_id,
                    reason=reason or UNDEFINED,
                )
            except TooManyRequestsError as error:
                return error.answer
            except hikari.HTTPResponseError as error:
                return _refusal(error, seen.rate_limit)
            except hikari.HTTPError as error:
                if not seen.is_success:
                    return _no_answer(error)
            except Exception:
                # The member that comes back is nothing that we need, so it may be anything.
                if not seen.is_success:
                    raise
            return Applied(rate_limit=seen.rate_limit)


def _refusal(error: hikari.HTTPResponseError, rate_limit: RateLimit | None) -> Answer:
    status = int(error.status)
    if status >= 500:
        return Unreachable(f"Discord answers {status}", in_doubt=True, rate_limit=rate_limit)
    code = int(error.code)
    if code == NOT_CONNECTED:
        return NotConnected(rate_limit=rate_limit)
    text = " ".join(error.message.split())[:LONGEST_TEXT] or f"HTTP {status}"
    return Refused(status, code, text, rate_limit=rate_limit)


def _no_answer(error: hikari.HTTPError) -> Unreachable:
    cause = error.__cause__
    never_sent = isinstance(cause, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError)
    reason = "no answer in time" if isinstance(cause, TimeoutError) else str(cause or error)
    return Unreachable(reason[:LONGEST_TEXT], in_doubt=not never_sent)
