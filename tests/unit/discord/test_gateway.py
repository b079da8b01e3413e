import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import hikari
import pytest
from structlog.testing import capture_logs

from tests.unit.discord.tools import GUILD, GUILD_ID, Listener, running, shard_tasks
from voxguard.discord.app import App
from voxguard.discord.gateway import HikariGateway
from voxguard.sandbox.sandbox import Sandbox

pytestmark = pytest.mark.usefixtures("no_long_pauses")


async def test_the_guild_is_announced_and_then_appears(app: App, listener: Listener) -> None:
    """READY's guilds are in the status, and every dispatch comes raw and in order."""
    async with running(app, listener) as gateway:
        await listener.wait_for(lambda: listener.count("GUILD_CREATE"))
        assert [name for name, _ in listener.dispatches] == ["READY", "GUILD_CREATE"]
        assert gateway.status.is_connected
        assert gateway.status.announced == {GUILD_ID}
        assert gateway.status.last_error is None
        assert listener.statuses[-1] == gateway.status


async def test_a_goodbye_is_no_warning(app: App, listener: Listener, sandbox: Sandbox) -> None:
    """A line that breaks is worth a warning, and one that is closed by ourselves is not."""
    with capture_logs() as logs:
        async with running(app, listener) as gateway:
            await listener.wait_for(lambda: gateway.status.is_connected)
            sandbox.drop_gateway()
            await listener.wait_for(lambda: not gateway.status.is_connected)
            await listener.wait_for(lambda: gateway.status.is_connected)
    told = [each["log_level"] for each in logs if each["event"] == "disconnected from the gateway"]
    assert told == ["warning", "info"]


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

    def on_dispatch(name: str, payload: Mapping[str, Any], watched_at: datetime | None) -> None:
        listener.on_dispatch(name, payload, watched_at)
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


async def test_the_token_is_in_no_log(
    app: App, listener: Listener, sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever is logged on the way, the token is not in it."""
    caplog.set_level(1)
    caplog.set_level(1, logger="hikari")
    async with running(app, listener):
        await listener.wait_for(lambda: listener.count("GUILD_CREATE"))
    assert caplog.text
    assert sandbox.token not in caplog.text


async def test_starting_over_shows_every_guild_anew(app: App, listener: Listener) -> None:
    """Whoever has let go of what they knew gets all of it again, on a new session."""
    async with running(app, listener) as gateway:
        await listener.wait_for(lambda: listener.count("GUILD_CREATE"))
        gateway.start_over()
        await listener.wait_for(lambda: listener.count("GUILD_CREATE") == 2)
        assert listener.count("READY") == 2
        assert gateway.status.is_connected
