import asyncio
import socket
from collections.abc import Mapping
from typing import Any

import hikari
import pytest
from aiohttp import web

from tests.unit.discord.tools import GUILD, GUILD_ID, Listener, answering, running
from voxguard.discord import gateway as gateway_module
from voxguard.discord import pacing, shard
from voxguard.discord.app import App, open_app
from voxguard.discord.gateway import WITHOUT_MEMBERS, HikariGateway
from voxguard.errors import UnreachableError
from voxguard.sandbox.faults import Outage
from voxguard.sandbox.sandbox import Sandbox


@pytest.fixture(autouse=True)
def _no_long_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what is tried again be tried soon."""
    monkeypatch.setattr(pacing, "FIRST_PAUSE_SECONDS", 0.05)
    monkeypatch.setattr(pacing, "LONGEST_PAUSE_SECONDS", 0.1)
    monkeypatch.setattr(pacing, "IDENTIFY_SECONDS", 0.1)
    monkeypatch.setattr("hikari.impl.rate_limits.ExponentialBackOff.__next__", lambda _: 0.1)


def shard_tasks() -> list[str]:
    """The tasks of hikari's that are there."""
    names = [task.get_name() for task in asyncio.all_tasks()]
    return [name for name in names if "(shard " in name]


async def test_the_guild_is_announced_and_then_appears(app: App, listener: Listener) -> None:
    """READY's guilds are in the status, and every dispatch comes raw and in order."""
    async with running(app, listener) as gateway:
        await listener.wait_for(lambda: listener.count("GUILD_CREATE"))
        assert [name for name, _ in listener.dispatches] == ["READY", "GUILD_CREATE"]
        assert gateway.status.is_connected
        assert gateway.status.announced == {GUILD_ID}
        assert gateway.status.last_error is None
        assert listener.statuses[-1] == gateway.status


async def test_dispatches_do_not_interleave(app: App, listener: Listener, sandbox: Sandbox) -> None:
    """A flood of voice states arrives complete, in the order in which it was sent."""
    async with running(app, listener):
        await listener.wait_for(lambda: listener.count("GUILD_CREATE"))
        for number in range(500):
            sandbox.set_flags(GUILD, "alice", self_mute=number % 2 == 0)
        await listener.wait_for(lambda: listener.count("VOICE_STATE_UPDATE") == 500)
        flags = [p["self_mute"] for name, p in listener.dispatches if name == "VOICE_STATE_UPDATE"]
        assert flags == [number % 2 == 0 for number in range(500)]


async def test_nothing_is_made_into_objects(
    app: App, listener: Listener, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nobody listens for typed events, hikari reads no voice state."""

    def fail(*_args: object, **_kwargs: object) -> None:
        raise AssertionError

    monkeypatch.setattr(type(app.entity_factory), "deserialize_voice_state", fail)
    async with running(app, listener):
        await listener.wait_for(lambda: listener.count("GUILD_CREATE"))
        sandbox.join(GUILD, "carol", "lobby")
        await listener.wait_for(lambda: listener.count("VOICE_STATE_UPDATE"))


async def test_libraries_get_typed_events(app: App, listener: Listener, sandbox: Sandbox) -> None:
    """Whoever subscribes at hikari's event manager hears of the same things."""
    heard = asyncio.Event()

    async def on_voice(_event: hikari.VoiceStateUpdateEvent) -> None:
        heard.set()

    app.event_manager.subscribe(hikari.VoiceStateUpdateEvent, on_voice)
    async with running(app, listener):
        await listener.wait_for(lambda: listener.count("GUILD_CREATE"))
        sandbox.join(GUILD, "carol", "lobby")
        async with asyncio.timeout(5):
            await heard.wait()


async def test_what_goes_wrong_with_a_dispatch_ends_nothing(
    app: App, listener: Listener, sandbox: Sandbox
) -> None:
    """An error in the callback is logged, and the next dispatch comes all the same."""

    def on_dispatch(name: str, payload: Mapping[str, Any]) -> None:
        listener.on_dispatch(name, payload)
        raise LookupError(name)

    gateway = HikariGateway(app, on_dispatch, listener.on_status)
    task = asyncio.create_task(gateway.run())
    await listener.wait_for(lambda: listener.count("GUILD_CREATE"))
    sandbox.join(GUILD, "carol", "lobby")
    await listener.wait_for(lambda: listener.count("VOICE_STATE_UPDATE"))
    await gateway.close()
    await task


async def test_a_cut_line_is_resumed(app: App, listener: Listener, sandbox: Sandbox) -> None:
    """After a cut nothing is missed, and the status tells of both ends."""
    async with running(app, listener) as gateway:
        await listener.wait_for(lambda: listener.count("GUILD_CREATE"))
        sandbox.drop_gateway()
        sandbox.join(GUILD, "carol", "lobby")
        await listener.wait_for(lambda: listener.count("RESUMED"))
        assert listener.count("VOICE_STATE_UPDATE") == 1
        assert listener.count("READY") == 1
        assert any(not status.is_connected for status in listener.statuses[2:])
        assert gateway.status.is_connected


async def test_a_lost_session_begins_anew(app: App, listener: Listener, sandbox: Sandbox) -> None:
    """Where nothing can be resumed a new session brings the guild again."""
    async with running(app, listener):
        await listener.wait_for(lambda: listener.count("GUILD_CREATE"))
        sandbox.invalidate_gateway(resumable=False)
        await listener.wait_for(lambda: listener.count("GUILD_CREATE") == 2)


@pytest.mark.parametrize("code", [4001, 4003, 4005, 4012, 4999])
async def test_a_shard_that_ended_is_started_again(
    app: App, listener: Listener, sandbox: Sandbox, code: int
) -> None:
    """Close codes that end hikari's shard only make it begin anew, and the status says why."""
    async with running(app, listener) as gateway:
        await listener.wait_for(lambda: listener.count("GUILD_CREATE"))
        sandbox.close_gateway(code)
        await listener.wait_for(lambda: listener.count("READY") == 2)
        assert gateway.status.is_connected
        assert any(str(code) in (status.last_error or "") for status in listener.statuses)


@pytest.mark.parametrize("code", [4010, 4011])
async def test_another_number_of_shards_is_asked_for(
    app: App, listener: Listener, sandbox: Sandbox, code: int
) -> None:
    """When Discord wants other shards it is asked again how many."""
    async with running(app, listener):
        await listener.wait_for(lambda: listener.count("GUILD_CREATE"))
        sandbox.close_gateway(code)
        await listener.wait_for(lambda: listener.count("READY") == 2)
    assert sum(request.path == "/gateway/bot" for request in sandbox.requests) == 2


async def test_without_the_privileged_intent_it_goes_on(
    app: App, listener: Listener, sandbox: Sandbox
) -> None:
    """A 4014 costs the members intent, and a warning says what that means."""
    sandbox.world.bot.privileged_intents = frozenset()
    async with running(app, listener) as gateway:
        await listener.wait_for(lambda: listener.count("GUILD_CREATE"))
        assert gateway.status.warnings == (WITHOUT_MEMBERS,)
        assert gateway.status.is_connected


async def test_intents_that_cannot_be_left_out(
    app: App, listener: Listener, sandbox: Sandbox
) -> None:
    """A 4014 without privileged intents ends with a clear error."""
    gateway = HikariGateway(app, listener.on_dispatch, listener.on_status)
    task = asyncio.create_task(gateway.run())
    for count in (1, 2):
        await listener.wait_for_ready(count)
        sandbox.close_gateway(4014)
    with pytest.raises(UnreachableError, match="4014"):
        await task


async def test_a_token_that_was_reset(app: App, listener: Listener, sandbox: Sandbox) -> None:
    """A 4004 ends with exit code 7 and one line that says so."""
    gateway = HikariGateway(app, listener.on_dispatch, listener.on_status)
    task = asyncio.create_task(gateway.run())
    await listener.wait_for(lambda: listener.count("READY"))
    sandbox.close_gateway(4004)
    with pytest.raises(UnreachableError, match="token") as caught:
        await task
    assert caught.value.exit_code == 7
    assert sandbox.token not in str(caught.value)


async def test_a_wrong_token(sandbox: Sandbox, listener: Listener) -> None:
    """A 401 before there is any shard ends in the same way."""
    async with open_app("wrong", sandbox.api_url) as app:
        gateway = HikariGateway(app, listener.on_dispatch, listener.on_status)
        with pytest.raises(UnreachableError, match="token"):
            await gateway.run()


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


async def test_closing_says_goodbye_quickly(app: App, listener: Listener, sandbox: Sandbox) -> None:
    """A close reaches Discord, takes a moment, and leaves no task behind."""
    loop = asyncio.get_running_loop()
    async with running(app, listener):
        await listener.wait_for(lambda: listener.count("GUILD_CREATE"))
        began = loop.time()
    assert loop.time() - began < 2
    await sandbox.wait_for(lambda: not sandbox.hub.connections)
    assert shard_tasks() == []


async def test_closing_before_running(app: App, listener: Listener) -> None:
    """A gateway that never ran can be closed."""
    await HikariGateway(app, listener.on_dispatch, listener.on_status).close()


async def test_whoever_cancels_the_run_is_told(app: App, listener: Listener) -> None:
    """Cancelling `run` ends the shards and is not swallowed."""
    gateway = HikariGateway(app, listener.on_dispatch, listener.on_status)
    task = asyncio.create_task(gateway.run())
    await listener.wait_for(lambda: gateway.status.is_connected)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not gateway.status.is_connected


async def test_a_shard_that_stood_long_is_not_held_back(
    app: App, listener: Listener, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a steady while the pauses begin with the shortest again."""
    monkeypatch.setattr(gateway_module, "STEADY_SECONDS", 0.0)
    async with running(app, listener):
        for count in (1, 2, 3):
            await listener.wait_for_ready(count)
            sandbox.close_gateway(4001)
        await listener.wait_for(lambda: listener.count("READY") == 4)


async def test_the_token_is_in_no_log(
    app: App, listener: Listener, sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever is logged on the way, the token is not in it."""
    caplog.set_level(1)
    async with running(app, listener):
        await listener.wait_for(lambda: listener.count("GUILD_CREATE"))
    assert caplog.text
    assert sandbox.token not in caplog.text
