"""What the tests of the Discord adapter have in common."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from aiohttp import web

from voxguard.discord.app import App
from voxguard.discord.gateway import HikariGateway
from voxguard.model.ids import ChannelId, GuildId, RoleId, UserId
from voxguard.ports.discord import GatewayStatus

GUILD = "harbour"
GUILD_ID = GuildId(110373943822540800)
LOBBY_ID = ChannelId(110373943822540801)
AFK_ID = ChannelId(110373943822540802)
LOG_ID = ChannelId(110373943822540805)
STAGE_ID = ChannelId(110373943822540806)
DJ_ID = RoleId(110373943822540812)
ALICE_ID = UserId(80351110224678001)
BOB_ID = UserId(80351110224678002)
CAROL_ID = UserId(80351110224678003)


class Listener:
    """Keeps dispatches and states of the gateway, and lets a test wait for them."""

    def __init__(self) -> None:
        self.dispatches: list[tuple[str, Mapping[str, Any]]] = []
        self.watched_at: dict[str, datetime | None] = {}
        self.statuses: list[GatewayStatus] = []
        self._changed = asyncio.Event()

    def on_dispatch(
        self, name: str, payload: Mapping[str, Any], watched_at: datetime | None
    ) -> None:
        """Take a dispatch; `watched_at` has what came with the latest of each name."""
        self.dispatches.append((name, payload))
        self.watched_at[name] = watched_at
        self._changed.set()

    def on_status(self, status: GatewayStatus) -> None:
        """Take a status."""
        self.statuses.append(status)
        self._changed.set()

    def count(self, name: str) -> int:
        """How many dispatches of this name there were."""
        return sum(each == name for each, _ in self.dispatches)

    async def wait_for_ready(self, count: int) -> None:
        """Return once so many sessions have begun."""
        await self.wait_for(lambda: self.count("READY") == count)

    async def wait_for(self, predicate: Callable[[], object], seconds: float = 10.0) -> None:
        """Return once the predicate is true."""
        async with asyncio.timeout(seconds):
            while not predicate():
                self._changed.clear()
                await self._changed.wait()


@asynccontextmanager
async def running(app: App, listener: Listener) -> AsyncIterator[HikariGateway]:
    """A gateway that runs until the block ends."""
    gateway = HikariGateway(app, listener.on_dispatch, listener.on_status)
    task = asyncio.create_task(gateway.run())
    try:
        yield gateway
    finally:
        await gateway.close()
        await task


@asynccontextmanager
async def answering(respond: Callable[[web.Request], web.StreamResponse]) -> AsyncIterator[str]:
    """A server that answers every call in the same way; gives its base URL."""

    async def handle(request: web.Request) -> web.StreamResponse:
        return respond(request)

    server = web.Application()
    server.router.add_route("*", "/{path:.*}", handle)
    runner = web.AppRunner(server, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/api/v10"
    finally:
        await runner.cleanup()


def shard_tasks() -> list[str]:
    """The tasks of hikari's that are there."""
    names = [task.get_name() for task in asyncio.all_tasks()]
    return [name for name in names if "(shard " in name]
