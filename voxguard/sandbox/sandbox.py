"""The stand-in as a whole: a server that a bot connects to, and the hands that move its world."""

import os
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from aiohttp import web

from voxguard.errors import UsageError
from voxguard.sandbox.clock import Clock, SystemClock
from voxguard.sandbox.control_api import ControlApi
from voxguard.sandbox.controls import Controls
from voxguard.sandbox.faults import Faults
from voxguard.sandbox.files.world_file import read_world
from voxguard.sandbox.gateway.endpoint import GatewayEndpoint
from voxguard.sandbox.gateway.hub import Hub
from voxguard.sandbox.journal import Journal, SeenRequest, Sighting, Source
from voxguard.sandbox.limits import Limit, RateLimiter
from voxguard.sandbox.rest.call import Backend
from voxguard.sandbox.rest.pipeline import RestApi
from voxguard.sandbox.world.world import JsonObject, World

DEFAULT_WORLD = Path(__file__).parent / "default_world.yaml"
MAX_BODY = 1024 * 1024


class Sandbox(Controls):
    """A Discord of one's own.

    `world` is a world file, a world made in Python, or None for the small one that comes
    along. With `port` 0 a free one is taken. `limits` override the file's. The listener
    is told of everything that happens. Use it as an asynchronous context manager, or call
    `start` and `stop`.
    """

    def __init__(  # noqa: PLR0913 - what a test or a command may want to set
        self,
        world: World | Path | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        token: str | None = None,
        limits: dict[str, Limit] | None = None,
        clock: Clock | None = None,
        listener: Callable[[Sighting], None] | None = None,
        heartbeat_seconds: float = 41.25,
    ) -> None:
        found: dict[str, Limit] = {}
        clock = clock or SystemClock()
        if not isinstance(world, World):
            world, found = read_world(world or DEFAULT_WORLD, clock=clock, token=token)
        self.world = world
        self.clock = clock
        self.faults = Faults()
        self.journal = Journal(clock, listener)
        self.limiter = RateLimiter(clock)
        self.limiter.limits |= found | (limits or {})
        self.hub = Hub(world, self.journal)
        self.backend = Backend(world, self.hub.session_starts_left, self.hub.starts)
        world.subscribe(self.hub.on_dispatch, lambda story: self.journal.see(Source.WORLD, story))
        self._host = host
        self._port = port
        self._heartbeat_seconds = heartbeat_seconds
        self._runner: web.AppRunner | None = None

    @property
    def base_url(self) -> str:
        """Where it listens, without a path."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self._port}"

    @property
    def api_url(self) -> str:
        """The base URL of the REST API, for VOXGUARD_DISCORD_API."""
        return f"{self.base_url}/api/v10"

    @property
    def token(self) -> str:
        """The token that the bot must present."""
        return self.world.bot.token

    @property
    def requests(self) -> list[SeenRequest]:
        """The REST calls that were seen, oldest first."""
        return self.journal.requests

    @property
    def messages(self) -> list[JsonObject]:
        """The messages that the bot has sent, oldest first, as Discord shows them."""
        return self.backend.mailbox.messages

    async def wait_for(
        self, predicate: Callable[[], object], timeout_seconds: float | None = 10.0
    ) -> None:
        """Return once the predicate is true, or raise `TimeoutError`; with None never.

        It is looked at after every request, gateway event and change of the world.
        """
        await self.journal.wait_for(predicate, timeout_seconds)

    async def start(self) -> None:
        """Begin to listen. `UsageError` where the address cannot be had."""
        app = web.Application(client_max_size=MAX_BODY)
        RestApi(self.backend, self.journal, self.limiter, self.faults).add_to(app)
        GatewayEndpoint(self.hub, self.faults, self._heartbeat_seconds).add_to(app)
        ControlApi(self, self.journal, self.backend.mailbox).add_to(app)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=2.0)
        await runner.setup()
        site = web.TCPSite(runner, self._host, self._port)
        try:
            await site.start()
        except OSError as error:
            await runner.cleanup()
            # asyncio wraps the system's words in its own, but keeps the number.
            number = error.errno or 0
            reason = os.strerror(number) if number > 0 else error.strerror
            raise UsageError(
                f"cannot listen on {self._host}:{self._port}: {reason}",
                hint="choose another address with --host and --port",
            ) from None
        self._port = runner.addresses[0][1]
        self._runner = runner

    async def stop(self) -> None:
        """Say goodbye to whoever is connected and stop listening; the world stays as it is."""
        self.faults.clear()
        self.hub.mishaps.clear()
        self.hub.close_all(1001, "The sandbox stops.")
        if self._runner is not None:
            runner, self._runner = self._runner, None
            await runner.cleanup()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()
