import re

import pytest
from structlog.testing import capture_logs

from tests.unit.discord.tools import GUILD, Listener, running
from voxguard.discord.app import App
from voxguard.discord.shard import Shard
from voxguard.sandbox.gateway.connection import Connection
from voxguard.sandbox.sandbox import Sandbox

pytestmark = pytest.mark.usefixtures("no_long_pauses")


def connection(sandbox: Sandbox) -> Connection:
    """The one connection."""
    return next(iter(sandbox.hub.connections))


async def send(sandbox: Sandbox, frame: bytes) -> None:
    """Send the client a frame as it is."""
    await connection(sandbox)._ws.send_bytes(frame)


async def test_a_damaged_frame_is_a_cut_line(
    app: App, listener: Listener, sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    """The session is resumed, nothing is missed, a line says why, and no traceback is shown."""
    async with running(app, listener) as gateway:
        await listener.wait_for(lambda: listener.count("GUILD_CREATE"))
        await send(sandbox, b"\x00damaged")
        sandbox.join(GUILD, "carol", "lobby")
        await listener.wait_for(lambda: listener.count("RESUMED"))
        await listener.wait_for(lambda: listener.count("VOICE_STATE_UPDATE"))
        assert listener.count("READY") == 1
        assert gateway.status.is_connected
    assert re.search(r"cannot be read \(\w+\)", caplog.text)
    assert "Traceback" not in caplog.text


async def test_damage_that_comes_again_costs_the_session(
    app: App, listener: Listener, sandbox: Sandbox
) -> None:
    """What would come with each resume is left behind by a new session."""
    async with running(app, listener) as gateway:
        await listener.wait_for(lambda: listener.count("GUILD_CREATE"))
        session = next(iter(sandbox.hub.sessions.values()))
        number, _ = session._sent[-1]
        session.sequence += 1
        session._sent.append((number + 1, b"no JSON"))
        sandbox.drop_gateway()
        await listener.wait_for_ready(2)
        await listener.wait_for(lambda: gateway.status.is_connected)
        assert gateway.status.sessions_started == 2


async def test_a_session_that_hardly_began_is_not_resumed(
    app: App, listener: Listener, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A READY without what a resume needs is followed by another session."""
    ready = type(sandbox.hub)._ready
    broken = [True]

    def without_address(hub: object, *arguments: object) -> object:
        payload = ready(hub, *arguments)  # type: ignore[arg-type]  # handed through
        if broken:
            broken.clear()
            del payload["resume_gateway_url"]
        return payload

    monkeypatch.setattr(type(sandbox.hub), "_ready", without_address)
    async with running(app, listener) as gateway:
        await listener.wait_for(lambda: gateway.status.is_connected)
        assert gateway.status.sessions_started == 2


async def test_whatever_ends_a_shard_it_is_started_again(
    app: App, listener: Listener, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An exception that nobody thought of is told in one line, and the shard begins anew."""
    heartbeat = Shard._heartbeat
    fails = [True]

    async def fail_once(shard: Shard, interval: float) -> None:
        if fails:
            fails.clear()
            await listener.wait_for(lambda: listener.count("GUILD_CREATE"))
            raise ZeroDivisionError
        await heartbeat(shard, interval)

    monkeypatch.setattr(Shard, "_heartbeat", fail_once)
    with capture_logs() as logs:
        async with running(app, listener):
            await listener.wait_for_ready(2)
    assert "shard 0 ended: ZeroDivisionError" in [line.get("why") for line in logs]


async def test_hello_that_cannot_be_read(
    app: App, listener: Listener, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection that begins with nonsense is tried again, and says so."""
    send_payload = Connection.send
    broken = [True]

    def garble(there: Connection, payload: bytes) -> None:
        send_payload(there, b"[]" if broken else payload)
        broken.clear()

    monkeypatch.setattr(Connection, "send", garble)
    async with running(app, listener) as gateway:
        await listener.wait_for(lambda: gateway.status.is_connected)
    troubles = [status.last_error for status in listener.statuses if status.last_error]
    assert "the gateway is out of reach: what it sends cannot be read" in troubles[0]
