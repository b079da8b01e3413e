"""Asking where the gateway is, how many shards it wants, and how many sessions may be started."""

import asyncio
from collections.abc import Callable

import hikari

from voxguard.discord.closes import token_refused
from voxguard.discord.http import TooManyRequestsError, watched
from voxguard.discord.pacing import Pause
from voxguard.discord.reasons import NOT_DISCORD, http_reason


async def ask_patiently(
    client: hikari.api.RESTClient, on_trouble: Callable[[str], None]
) -> hikari.GatewayBotInfo:
    """What Discord says of the gateway, once it says so; meanwhile `on_trouble` is told why not.

    Raises:
        UnreachableError: Discord refuses the token.
    """
    pause = Pause()
    while True:
        try:
            with watched():
                return await client.fetch_gateway_bot_info()
        except hikari.UnauthorizedError:
            raise token_refused() from None
        except TooManyRequestsError as error:
            on_trouble("Discord asks for patience")
            await asyncio.sleep(error.answer.retry_after_seconds)
        except hikari.HTTPError as error:
            on_trouble(f"Discord is out of reach: {http_reason(error)}")
            await pause.wait()
        except NOT_DISCORD:
            on_trouble("what answers is not Discord's API")
            await pause.wait()


async def ask_limit(client: hikari.api.RESTClient) -> hikari.SessionStartLimit | None:
    """How many sessions may be started; None where Discord does not say so at once."""
    try:
        with watched():
            return (await client.fetch_gateway_bot_info()).session_start_limit
    except (TooManyRequestsError, hikari.HTTPError, *NOT_DISCORD):
        return None
