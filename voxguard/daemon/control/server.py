"""Serves the calls over HTTP on the control socket, to its owner and to root alone."""

import json
import os
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Final

import structlog
from aiohttp import web

from voxguard.daemon.control.call import Asked, Call
from voxguard.daemon.control.calls import CALLS
from voxguard.daemon.control.place import FILE_NAME, listening
from voxguard.daemon.insight import Insight
from voxguard.errors import UnreachableError, UsageError, VoxguardError

log = structlog.get_logger("voxguard.control")

MAX_BODY_BYTES: Final = 64 * 1024
POLITE_SECONDS: Final = 0.5
"""How long answers under way may take once the daemon stops."""

# socket(7): struct ucred, three integers: process, user, group.
_UCRED: Final = struct.Struct("3i")
_ROOT: Final = 0

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def serve_control(insight: Insight, state_dir: Path) -> AsyncIterator[None]:
    """Serve for as long as the context lasts.

    Without a socket the daemon does its work all the same, and says so.
    """
    async with AsyncExitStack() as stack:
        try:
            listener = stack.enter_context(listening(state_dir))
        except OSError as error:
            # What a person needs is in the message.
            log.error(  # noqa: TRY400
                "there is no control socket: commands cannot reach this daemon",
                socket=str(state_dir / FILE_NAME),
                why=error.strerror or str(error),
            )
        else:
            runner = web.AppRunner(
                make_app(insight), access_log=None, shutdown_timeout=POLITE_SECONDS
            )
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            await web.SockSite(runner, listener).start()
        yield


def make_app(insight: Insight, calls: tuple[Call, ...] = CALLS) -> web.Application:
    """The application that answers the calls; whatever else is asked for is an error in JSON."""
    app = web.Application(client_max_size=MAX_BODY_BYTES, middlewares=[_as_json])
    for call in calls:
        app.router.add_route(call.method, call.path, _handler(call, insight))
    return app


def _handler(call: Call, insight: Insight) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        asked = Asked(_uid(request), await _body(request))
        return web.json_response(await call.answer(insight, asked))

    return handle


@web.middleware
async def _as_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    uid = _uid(request)
    if uid not in {os.geteuid(), _ROOT}:
        log.warning("somebody else asks at the control socket", uid=uid)
        return _error(403, UnreachableError.exit_code, f"user {uid} may not ask this daemon")
    try:
        return await handler(request)
    except VoxguardError as error:
        return _error(400, error.exit_code, str(error), error.hint)
    except web.HTTPException as error:
        what = f"{request.method} {request.path}: {error.reason}"
        return _error(error.status, UsageError.exit_code, what)
    except Exception:
        log.exception("a call could not be answered", call=f"{request.method} {request.path}")
        what = "the daemon could not answer; its log says why"
        return _error(500, UnreachableError.exit_code, what)


async def _body(request: web.Request) -> Mapping[str, object]:
    text = await request.read()
    if not text:
        return {}
    try:
        body = json.loads(text)
    except ValueError:
        raise UsageError("the request is no JSON") from None
    if not isinstance(body, dict):
        raise UsageError("the request is no JSON object")
    return body


def _uid(request: web.Request) -> int:
    """Who has connected, as the kernel says; nobody where it does not say."""
    connection = None if request.transport is None else request.transport.get_extra_info("socket")
    if connection is None:
        return -1
    credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _UCRED.size)
    _, uid, _ = _UCRED.unpack(credentials)
    return int(uid)


def _error(status: int, exit_code: int, message: str, hint: str | None = None) -> web.Response:
    error: dict[str, Any] = {"exit_code": exit_code, "message": message, "hint": hint}
    return web.json_response({"error": error}, status=status)
