import socket

import pytest
from aiohttp import web

from tests.unit.discord.tools import Listener, answering, running, shard_tasks
from voxguard.discord import shard
from voxguard.discord.app import App, open_app
from voxguard.discord.gateway import HikariGateway
from voxguard.errors import UnreachableError
from voxguard.sandbox.faults import Outage
from voxguard.sandbox.sandbox import Sandbox

pytestmark = pytest.mark.usefixtures("no_long_pauses")


async def test_discord_is_away_at_the_start(listener: Listener) -> None:
    """With nobody listening at all it keeps trying and says so; closing takes no time."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/api/v10"
        async with open_app("token", url) as app, running(app, listener) as gateway:
            await listener.wait_for(lambda: gateway.status.last_error)
            assert "out of reach" in (gateway.status.last_error or "")
            assert not gateway.status.is_connected


async def test_rest_is_away_at_the_start(app: App, listener: Listener, sandbox: Sandbox) -> None:
    """An outage of REST is waited out."""
    sandbox.set_outage(rest=Outage.UNAVAILABLE)
    async with running(app, listener) as gateway:
        await listener.wait_for(lambda: gateway.status.last_error)
        assert "503" in (gateway.status.last_error or "")
        sandbox.set_outage()
        await listener.wait_for(lambda: gateway.status.is_connected)
        assert gateway.status.last_error is None


async def test_something_else_answers(listener: Listener) -> None:
    """JSON that is not Discord's is a reason to wait, not to fail."""
    async with (
        answering(lambda _: web.json_response({})) as url,
        open_app("token", url) as app,
        running(app, listener) as gateway,
    ):
        await listener.wait_for(lambda: gateway.status.last_error)
        assert "not Discord's" in (gateway.status.last_error or "")


async def test_discord_asks_for_patience(listener: Listener) -> None:
    """A 429 to the first question is waited out for as long as it says."""
    answers = [
        web.json_response({"retry_after": 0.1, "global": False}, status=429),
        web.json_response({}, status=401),
    ]
    async with (
        answering(lambda _: answers.pop(0)) as url,
        open_app("token", url) as app,
    ):
        gateway = HikariGateway(app, listener.on_dispatch, listener.on_status)
        with pytest.raises(UnreachableError):
            await gateway.run()
    assert [status.last_error for status in listener.statuses] == ["Discord asks for patience"]


async def test_the_gateway_is_away_at_the_start(
    app: App, listener: Listener, sandbox: Sandbox
) -> None:
    """An outage of the gateway is waited out, and closing meanwhile leaves nothing behind."""
    sandbox.set_outage(gateway=True)
    async with running(app, listener) as gateway:
        await listener.wait_for(lambda: gateway.status.last_error)
        assert gateway.status.last_error == "the gateway is out of reach: it answers 503"
    assert shard_tasks() == []


async def test_the_gateway_comes_back(app: App, listener: Listener, sandbox: Sandbox) -> None:
    """A gateway that refused connections is found again."""
    sandbox.set_outage(gateway=True)
    async with running(app, listener) as gateway:
        await listener.wait_for(lambda: gateway.status.last_error)
        sandbox.set_outage()
        await listener.wait_for(lambda: gateway.status.is_connected)


async def test_a_gateway_that_says_nothing(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection without a word is given up and tried again."""
    monkeypatch.setattr(shard, "HANDSHAKE_SECONDS", 0.2)
    port: list[int] = []

    async def bot(_: web.Request) -> web.Response:
        limit = {"total": 9, "remaining": 9, "reset_after": 1, "max_concurrency": 1}
        url = f"ws://127.0.0.1:{port[0]}/gateway"
        return web.json_response({"url": url, "shards": 1, "session_start_limit": limit})

    async def silent(request: web.Request) -> web.WebSocketResponse:
        ws = web.WebSocketResponse()
        await ws.prepare(request)
        async for _ in ws:
            pass
        return ws

    server = web.Application()
    server.add_routes([web.get("/api/v10/gateway/bot", bot), web.get("/gateway", silent)])
    runner = web.AppRunner(server, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port.append(runner.addresses[0][1])
    async with open_app("token", f"http://127.0.0.1:{port[0]}/api/v10") as app:
        async with running(app, listener) as gateway:
            await listener.wait_for(lambda: "READY" in (gateway.status.last_error or ""))
        assert shard_tasks() == []
    await runner.cleanup()


async def test_no_sessions_left(
    app: App, listener: Listener, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a session to start it waits, since starting one would reset the token."""
    monkeypatch.setattr(type(sandbox.hub), "session_starts_left", lambda _hub: 0)
    sandbox.backend.session_starts_left = lambda: 0
    async with running(app, listener) as gateway:
        await listener.wait_for(lambda: gateway.status.last_error)
        assert "no more sessions" in (gateway.status.last_error or "")
