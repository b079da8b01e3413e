"""The HTTP server inside the daemon's event loop."""

import asyncio
import socket
from collections.abc import AsyncIterator, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Final

import uvicorn
from starlette.types import ASGIApp

from voxguard.errors import UsageError
from voxguard.web.limits import MAX_HEADER_BYTES

_MOST_CONNECTIONS: Final = 200
_BACKLOG: Final = 128
_POLITE_SECONDS: Final = 0.5
"""How long answers under way may take once the server stops."""


class _Server(uvicorn.Server):
    """Leaves signals to the daemon, which has more to put in order than its web server."""

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


@dataclass(frozen=True, slots=True)
class Served:
    """Where the application can be reached; `port` is never 0."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """The base address, without a slash at its end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"


@asynccontextmanager
async def serve(app: ASGIApp, host: str, port: int) -> AsyncIterator[Served]:
    """Serve an application for as long as the context lasts; port 0 takes a free one.

    Raises:
        UsageError: There is no listening at this address.
    """
    listener = await _listen(host, port)
    served = Served(host, listener.getsockname()[1])
    config = uvicorn.Config(
        app,
        loop="none",
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        h11_max_incomplete_event_size=MAX_HEADER_BYTES,
        limit_concurrency=_MOST_CONNECTIONS,
        backlog=_BACKLOG,
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]), name="web server")
    try:
        yield served
    finally:
        server.should_exit = True
        done, _ = await asyncio.wait({serving}, timeout=_POLITE_SECONDS)
        if not done:
            _cut_off(server)
        await serving


def _cut_off(server: uvicorn.Server) -> None:
    """End what would keep the daemon from stopping: a client that takes its time."""
    server.force_exit = True
    for task in tuple(server.server_state.tasks):
        task.cancel()
    for connection in tuple(server.server_state.connections):
        connection.transport.abort()


async def _listen(host: str, port: int) -> socket.socket:
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, address = found[0]
        listener = socket.socket(family, kind, protocol)
        try:
            # As asyncio does for its servers: a restart need not wait for old connections.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen(_BACKLOG)
            listener.setblocking(False)  # noqa: FBT003 - the standard library asks for it so
        except BaseException:
            listener.close()
            raise
    except OSError as error:
        raise UsageError(
            f"cannot listen on {host} port {port}: {error.strerror or error}",
            hint="set VOXGUARD_HTTP_HOST and VOXGUARD_HTTP_PORT to an address that is free",
        ) from None
    return listener
