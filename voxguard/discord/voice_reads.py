"""Asks Discord where a member is: the one way to look at a voice state without the gateway."""

import hikari

from voxguard.discord.app import App
from voxguard.discord.http import Seen, TooManyRequestsError, watched
from voxguard.discord.reasons import NOT_DISCORD, http_reason
from voxguard.model.ids import ChannelId, GuildId, UserId
from voxguard.model.world import VoiceState
from voxguard.ports.reconciliation import Looked

NOWHERE = (10065, 10007, 10013)
"""No voice state, no such member, no such user (Discord, "JSON Error Codes")."""


class DiscordVoices:
    """Looks at one voice state at a time, and neither waits nor asks again by itself."""

    def __init__(self, app: App) -> None:
        """Ask through the app's direct client."""
        self._client = app.direct

    async def look(self, guild_id: GuildId, user_id: UserId) -> Looked:
        """Ask once, at once."""
        with watched() as seen:
            try:
                state = await self._client.fetch_voice_state(guild_id, user_id)
                return Looked(_translate(user_id, state), pause_seconds=_pause(seen))
            except TooManyRequestsError as error:
                seconds = error.answer.retry_after_seconds
                return Looked(None, "Discord asks for patience", pause_seconds=seconds)
            except hikari.HTTPResponseError as error:
                if int(error.code) in NOWHERE:
                    return Looked(VoiceState(user_id, None), pause_seconds=_pause(seen))
                is_refusal = int(error.status) < 500
                reason = http_reason(error)
                return Looked(None, reason, refused=is_refusal, pause_seconds=_pause(seen))
            except hikari.HTTPError as error:
                return Looked(None, http_reason(error))
            except NOT_DISCORD:
                return Looked(None, "what answers is not Discord's API")


def _pause(seen: Seen) -> float:
    limit = seen.rate_limit
    return 0.0 if limit is None or limit.remaining > 0 else limit.reset_after_seconds


def _translate(user_id: UserId, state: hikari.VoiceState) -> VoiceState:
    return VoiceState(
        user_id=user_id,
        channel_id=None if state.channel_id is None else ChannelId(int(state.channel_id)),
        guild_mute=state.is_guild_muted,
        guild_deaf=state.is_guild_deafened,
        self_mute=state.is_self_muted,
        self_deaf=state.is_self_deafened,
        suppressed=state.is_suppressed,
        camera=state.is_video_enabled,
        streaming=state.is_streaming,
    )
