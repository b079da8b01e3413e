"""The connection to the gateway: never without its shards, whatever Discord or the network does."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
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
from voxguard.discord.gateway_info import ask_limit, ask_patiently
from voxguard.discord.intents import INTENTS, WITHOUT_MEMBERS
from voxguard.discord.pacing import Pause
from voxguard.discord.renewals import Renewals
from voxguard.discord.shard import Shard
from voxguard.discord.starts import Starts
from voxguard.discord.watch import Watch
from voxguard.model.ids import GuildId
from voxguard.ports.discord import GatewayStatus, OnDispatch, OnStatus

log = structlog.get_logger("voxguard.gateway")

ABOUT_GUILDS = ("GUILD_CREATE", "GUILD_DELETE")

STEADY_SECONDS = 60.0
"""A shard that stood so long begins with the shortest pause again."""


class OtherShardsError(Exception):
    """Discord wants another number of shards."""


class HikariGateway:
    """Keeps every shard of the bot connected and hands dispatches on in order."""

    def __init__(
        self,
        app: App,
        on_dispatch: OnDispatch,
        on_status: OnStatus,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Prepare to listen; `run` connects. `now` is the clock that instants are told by."""
        self._app = app
        self._on_dispatch = on_dispatch
        self._on_status = on_status
        self._intents = INTENTS
        self._status = GatewayStatus()
        self._watch = Watch(now)
        self._starts = Starts(lambda: ask_limit(app.direct), self._trouble, self._counted)
        self._renewals = Renewals(self._starts)
        self._main: asyncio.Task[None] | None = None
        self._is_closing = False
        app.events.on_dispatch = self._take
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
        self._renewals.renew_all()

    async def close(self) -> None:
        """Say goodbye to Discord and let `run` end."""
        self._is_closing = True
        if self._main is not None:
            self._main.cancel()
            await asyncio.wait([self._main])

    def renew(self, guild_id: GuildId) -> bool:
        """Have Discord show a guild anew, by a new session; False where that must not be now."""
        return self._renewals.renew(guild_id)

    async def _stay(self) -> None:
        pause = Pause()
        while True:
            info = await ask_patiently(self._app.direct, self._trouble)
            self._starts.told(info.session_start_limit)
            self._watch.reset()
            self._publish(shard_count=info.shard_count, connected=frozenset())
            keepers = [
                asyncio.create_task(self._keep(shard_id, info))
                for shard_id in range(info.shard_count)
            ]
            try:
                await asyncio.gather(*keepers)
            except OtherShardsError:
                await pause.wait()
            finally:
                for keeper in keepers:
                    # A second cancellation would cut goodbyes short.
                    if not keeper.cancelling():
                        keeper.cancel()
                await asyncio.gather(*keepers, return_exceptions=True)

    async def _keep(self, shard_id: int, info: hikari.GatewayBotInfo) -> None:
        pause = Pause()
        loop = asyncio.get_running_loop()
        while True:
            began = loop.time()
            shard = self._renewals.add(self._shard(shard_id, info))
            try:
                await shard.stay()
            except hikari.GatewayServerClosedConnectionError as error:
                if self._closed(int(error.code or 0), error.reason):
                    continue
            except Exception as error:  # noqa: BLE001 - whatever it is, a shard is begun again
                self._trouble(f"shard {shard_id} ended: {type(error).__name__}")
            finally:
                self._watch.lost(shard_id)
                self._publish(connected=self._status.connected - {shard_id})
            if loop.time() - began > STEADY_SECONDS:
                pause.reset()
            if not shard.is_renewed:
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

    def _shard(self, shard_id: int, info: hikari.GatewayBotInfo) -> Shard:
        return Shard(
            starts=self._starts,
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

    def _take(self, shard: hikari.api.GatewayShard, name: str, payload: Mapping[str, Any]) -> None:
        """Hand a dispatch on, and tell of what it says about which guilds there are."""
        self._watch.heard(shard.id)
        watched_at = None
        match name:
            case "READY":
                left = self._watch.begin(shard.id, payload)
                self._hand_on(name, payload, None)
                for guild_id in left:
                    gone = {"id": str(guild_id)}
                    self._hand_on("GUILD_DELETE", gone, self._watch.vanished(shard.id, gone))
                self._connected(shard.id)
                return
            case "RESUMED":
                self._watch.follow(shard.id)
                self._connected(shard.id)
            case "GUILD_CREATE":
                watched_at = self._watch.appeared(shard.id, payload)
            case "GUILD_DELETE":
                watched_at = self._watch.vanished(shard.id, payload)
            case _:
                pass
        self._hand_on(name, payload, watched_at)
        if name in ABOUT_GUILDS:
            self._publish(announced=self._watch.announced)

    def _hand_on(self, name: str, payload: Mapping[str, Any], watched_at: datetime | None) -> None:
        """What goes wrong with a dispatch is a bug of ours, and must not end the shard."""
        try:
            self._on_dispatch(name, payload, watched_at)
        except Exception:
            log.exception("a dispatch could not be taken in", dispatch=name)

    def _connected(self, shard_id: int) -> None:
        connected = self._status.connected | {shard_id}
        is_whole = len(connected) == self._status.shard_count
        log.info("connected to the gateway", shard=shard_id)
        self._publish(
            connected=connected,
            announced=self._watch.announced,
            last_error=None if is_whole else self._status.last_error,
        )

    async def _disconnected(self, event: hikari.ShardDisconnectedEvent) -> None:
        if isinstance(event.shard, Shard):
            self._watch.lost(event.shard.id, event.shard.silent_seconds)
        if event.shard.id in self._status.connected:
            tell = log.info if self._is_closing else log.warning
            tell("disconnected from the gateway", shard=event.shard.id)
            self._publish(
                connected=self._status.connected - {event.shard.id},
                last_error=f"shard {event.shard.id} was disconnected",
            )

    def _counted(self) -> None:
        self._publish(
            sessions_started=self._starts.started,
            sessions_left=self._starts.left,
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
