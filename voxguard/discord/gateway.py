"""The connection to the gateway: never without its shards, whatever Discord or the network does."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import hikari
import structlog

from voxguard.discord.app import App
from voxguard.discord.closes import (
    INTENTS_REFUSED,
    OTHER_SHARDS,
    TOKEN_REFUSED,
    describe,
    intents_refused,
    token_refused,
)
from voxguard.discord.http import TooManyRequestsError, watched
from voxguard.discord.pacing import Pause, Turns
from voxguard.discord.reasons import http_reason
from voxguard.discord.shard import Shard
from voxguard.model.ids import GuildId
from voxguard.ports.discord import GatewayStatus, OnDispatch, OnStatus

log = structlog.get_logger("voxguard.gateway")

INTENTS = (
    hikari.Intents.GUILDS
    | hikari.Intents.GUILD_VOICE_STATES
    | hikari.Intents.GUILD_MODERATION
    | hikari.Intents.GUILD_MEMBERS
)

WITHOUT_MEMBERS = (
    "Discord does not allow the Server Members intent: role changes of connected members are "
    "seen with their next voice event (switch it on at https://discord.com/developers)"
)

STEADY_SECONDS = 60.0
"""A shard that stood so long begins with the shortest pause again."""


class OtherShardsError(Exception):
    """Discord wants another number of shards, or new sessions are wanted."""


class HikariGateway:
    """Keeps every shard of the bot connected and hands dispatches on in order."""

    def __init__(self, app: App, on_dispatch: OnDispatch, on_status: OnStatus) -> None:
        """Prepare to listen; `run` connects."""
        self._app = app
        self._on_status = on_status
        self._intents = INTENTS
        self._status = GatewayStatus()
        self._announced: dict[int, frozenset[GuildId]] = {}
        self._main: asyncio.Task[None] | None = None
        self._is_closing = False
        self._starting_over = asyncio.Event()
        app.events.on_dispatch = on_dispatch
        app.events.on_shard_dispatch = self._noted
        app.events.subscribe(hikari.ShardDisconnectedEvent, self._disconnected)

    @property
    def status(self) -> GatewayStatus:
        """How things stand now."""
        return self._status

    async def run(self) -> None:
        """Stay connected until closed, however long Discord is out of reach.

        Raises:
            UnreachableError: Discord refuses the token, or intents that cannot be left out.
        """
        self._main = asyncio.create_task(self._stay())
        try:
            await self._main
        except asyncio.CancelledError:
            if not self._is_closing:
                raise
        finally:
            self._main.cancel()
            await asyncio.wait([self._main])

    def start_over(self) -> None:
        """Begin new sessions: Discord then shows every guild anew."""
        self._starting_over.set()

    async def close(self) -> None:
        """Say goodbye to Discord and let `run` end."""
        self._is_closing = True
        if self._main is not None:
            self._main.cancel()
            await asyncio.wait([self._main])

    async def _stay(self) -> None:
        while True:
            info = await self._ask()
            turns = Turns(info.session_start_limit.max_concurrency)
            self._announced.clear()
            self._starting_over.clear()
            self._publish(shard_count=info.shard_count, connected=frozenset())
            keepers = [
                asyncio.create_task(self._keep(shard_id, info, turns))
                for shard_id in range(info.shard_count)
            ]
            try:
                keepers.append(asyncio.create_task(self._asked_to_start_over()))
                await asyncio.gather(*keepers)
            except OtherShardsError:
                continue
            finally:
                for keeper in keepers:
                    # A second cancellation would cut goodbyes short.
                    if not keeper.cancelling():
                        keeper.cancel()
                await asyncio.gather(*keepers, return_exceptions=True)

    async def _asked_to_start_over(self) -> None:
        await self._starting_over.wait()
        raise OtherShardsError

    async def _ask(self) -> hikari.GatewayBotInfo:
        """Where the gateway is and how many shards it wants, once Discord says so."""
        pause = Pause()
        while True:
            try:
                with watched():
                    info = await self._app.direct.fetch_gateway_bot_info()
            except hikari.UnauthorizedError:
                raise token_refused() from None
            except TooManyRequestsError as error:
                self._trouble("Discord asks for patience")
                await asyncio.sleep(error.answer.retry_after_seconds)
            except hikari.HTTPError as error:
                self._trouble(f"Discord is out of reach: {http_reason(error)}")
                await pause.wait()
            except (KeyError, TypeError, ValueError, AssertionError):
                self._trouble("what answers is not Discord's API")
                await pause.wait()
            else:
                limit = info.session_start_limit
                if limit.remaining >= info.shard_count:
                    return info
                self._trouble(f"no more sessions may be started before {limit.reset_at}")
                await asyncio.sleep(max(1.0, limit.reset_after.total_seconds()))

    async def _keep(self, shard_id: int, info: hikari.GatewayBotInfo, turns: Turns) -> None:
        pause = Pause()
        loop = asyncio.get_running_loop()
        while True:
            began = loop.time()
            try:
                await self._shard(shard_id, info, turns).stay()
            except hikari.GatewayServerClosedConnectionError as error:
                if self._closed(int(error.code or 0), error.reason):
                    continue
            except (hikari.HikariError, OSError, RuntimeError) as error:
                self._trouble(f"shard {shard_id} ended: {type(error).__name__}")
            finally:
                self._publish(connected=self._status.connected - {shard_id})
            if loop.time() - began > STEADY_SECONDS:
                pause.reset()
            await pause.wait()

    def _closed(self, code: int, reason: str) -> bool:
        """Take a final close in; whether to connect again at once."""
        if code == TOKEN_REFUSED:
            raise token_refused()
        if code in OTHER_SHARDS:
            self._trouble(describe(code, reason))
            raise OtherShardsError
        if code != INTENTS_REFUSED:
            self._trouble(describe(code, reason))
            return False
        if not self._intents & hikari.Intents.GUILD_MEMBERS:
            raise intents_refused()
        self._intents &= ~hikari.Intents.GUILD_MEMBERS
        log.warning("an intent is not allowed", why=WITHOUT_MEMBERS)
        self._publish(warnings=(*self._status.warnings, WITHOUT_MEMBERS))
        return True

    def _shard(self, shard_id: int, info: hikari.GatewayBotInfo, turns: Turns) -> Shard:
        return Shard(
            turns=turns,
            on_trouble=lambda why: self._trouble(f"the gateway is out of reach: {why}"),
            shard_id=shard_id,
            shard_count=info.shard_count,
            url=info.url,
            intents=self._intents,
            token=self._app.token,
            event_manager=self._app.events,
            event_factory=self._app.event_factory,
            http_settings=self._app.http_settings,
            proxy_settings=self._app.proxy_settings,
        )

    def _noted(self, shard: hikari.api.GatewayShard, name: str, payload: Mapping[str, Any]) -> None:
        if name == "READY":
            self._announced[shard.id] = frozenset(
                GuildId(int(guild["id"])) for guild in payload["guilds"]
            )
            self._connected(shard.id)
        elif name == "RESUMED":
            self._connected(shard.id)

    def _connected(self, shard_id: int) -> None:
        connected = self._status.connected | {shard_id}
        is_whole = len(connected) == self._status.shard_count
        log.info("connected to the gateway", shard=shard_id)
        self._publish(
            connected=connected,
            announced=frozenset().union(*self._announced.values()),
            last_error=None if is_whole else self._status.last_error,
        )

    async def _disconnected(self, event: hikari.ShardDisconnectedEvent) -> None:
        if event.shard.id in self._status.connected:
            tell = log.info if self._is_closing else log.warning
            tell("disconnected from the gateway", shard=event.shard.id)
            self._publish(
                connected=self._status.connected - {event.shard.id},
                last_error=f"shard {event.shard.id} was disconnected",
            )

    def _trouble(self, why: str) -> None:
        if why != self._status.last_error:
            log.warning("not connected to Discord, will try again", why=why)
        self._publish(last_error=why)

    def _publish(self, **changes: Any) -> None:
        status = replace(self._status, **changes)
        if status != self._status:
            self._status = status
            self._on_status(status)
