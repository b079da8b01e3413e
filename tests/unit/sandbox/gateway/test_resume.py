from typing import Any

import pytest

from tests.unit.sandbox.gateway.conftest import Client, Connect
from tests.unit.sandbox.tools import GUILD
from voxguard.sandbox.gateway import connection as connection_
from voxguard.sandbox.gateway import hub as hub_
from voxguard.sandbox.gateway.session import Session
from voxguard.sandbox.sandbox import Sandbox


@pytest.fixture
async def ready(connect: Connect) -> tuple[Client, dict[str, Any]]:
    """A connection with a session, and its READY."""
    client = await connect()
    await client.receive()
    await client.identify()
    ready = await client.receive()
    await client.receive()
    return client, ready["d"]


async def resume(connect: Connect, session_id: str, sequence: int) -> Client:
    """A new connection that asks for the session."""
    client = await connect()
    await client.receive()
    data = {"token": client.sandbox.token, "session_id": session_id, "seq": sequence}
    await client.send(6, data)
    return client


async def test_what_was_missed_is_sent_again(
    sandbox: Sandbox, connect: Connect, ready: tuple[Client, dict[str, Any]]
) -> None:
    """After a cut line a resume brings every event since the sequence number, then RESUMED."""
    sandbox.drop_gateway()
    await sandbox.wait_for(lambda: not sandbox.hub.connections)
    assert not sandbox.hub.is_ready
    sandbox.join(GUILD, "alice", "lobby")
    sandbox.leave(GUILD, "alice")
    client = await resume(connect, ready[1]["session_id"], 2)
    events = [await client.receive() for _ in range(3)]
    assert [(event["t"], event["s"]) for event in events] == [
        ("VOICE_STATE_UPDATE", 3),
        ("VOICE_STATE_UPDATE", 4),
        ("RESUMED", 5),
    ]
    sandbox.join(GUILD, "bob", "lobby")
    assert (await client.receive())["s"] == 6


async def test_a_resume_takes_the_session_from_its_old_connection(
    connect: Connect, ready: tuple[Client, dict[str, Any]], sandbox: Sandbox
) -> None:
    """The old connection is closed, and its end does not end the session."""
    client = await resume(connect, ready[1]["session_id"], 2)
    assert (await client.receive())["t"] == "RESUMED"
    assert await ready[0].close_code() == 4000
    await ready[0].ws.close()
    await sandbox.wait_for(lambda: len(sandbox.hub.connections) == 1)
    sandbox.join(GUILD, "alice", "lobby")
    assert (await client.receive())["t"] == "VOICE_STATE_UPDATE"


async def test_an_unknown_session_is_invalid(connect: Connect) -> None:
    """A session that does not exist is answered with op 9 and false."""
    client = await resume(connect, "nonsense", 1)
    assert await client.receive() == {"op": 9, "d": False, "s": None, "t": None}


async def test_a_sequence_from_the_future_is_4007(
    connect: Connect, ready: tuple[Client, dict[str, Any]]
) -> None:
    """More than was ever sent cannot have been seen."""
    client = await resume(connect, ready[1]["session_id"], 99)
    assert await client.close_code() == 4007


@pytest.mark.parametrize(("code", "lives_on"), [(1000, False), (1001, False), (3000, True)])
async def test_a_clients_goodbye_ends_the_session_or_not(
    sandbox: Sandbox, ready: tuple[Client, dict[str, Any]], code: int, lives_on: bool
) -> None:
    """1000 and 1001 give a session up, other codes keep it."""
    await ready[0].ws.close(code=code)
    await sandbox.wait_for(lambda: not sandbox.hub.connections)
    assert bool(sandbox.hub.sessions) is lives_on


@pytest.mark.parametrize(("code", "lives_on"), [(4000, True), (4004, False), (4009, False)])
async def test_every_connection_can_be_closed_with_a_code(
    sandbox: Sandbox, ready: tuple[Client, dict[str, Any]], code: int, lives_on: bool
) -> None:
    """The code arrives, and ends the session where Discord's does."""
    sandbox.close_gateway(code)
    assert await ready[0].close_code() == code
    assert bool(sandbox.hub.sessions) is lives_on
    sandbox.join(GUILD, "alice", "lobby")


@pytest.mark.parametrize("resumable", [True, False])
async def test_sessions_can_be_invalidated(
    sandbox: Sandbox, ready: tuple[Client, dict[str, Any]], resumable: bool
) -> None:
    """Op 9 says whether a resume is possible, and without it the session is gone."""
    sandbox.invalidate_gateway(resumable=resumable)
    assert await ready[0].receive() == {"op": 9, "d": resumable, "s": None, "t": None}
    assert bool(sandbox.hub.sessions) is resumable


async def test_clients_can_be_asked_to_reconnect(
    sandbox: Sandbox, ready: tuple[Client, dict[str, Any]]
) -> None:
    """Op 7 is sent to everybody."""
    sandbox.reconnect_gateway()
    assert (await ready[0].receive())["op"] == 7


async def test_a_cut_can_take_the_sessions_with_it(
    sandbox: Sandbox, ready: tuple[Client, dict[str, Any]]
) -> None:
    """With its sessions forgotten, nothing can be resumed."""
    sandbox.drop_gateway(forget_sessions=True)
    await sandbox.wait_for(lambda: not sandbox.hub.connections)
    assert not sandbox.hub.sessions


async def test_the_gateway_can_refuse(sandbox: Sandbox, connect: Connect) -> None:
    """During an outage no connection is accepted, and unknown compressions never are."""
    sandbox.set_outage(gateway=True)
    with pytest.raises(Exception, match="503"):
        await connect()
    sandbox.set_outage()
    with pytest.raises(Exception, match="400"):
        await connect("v=10&compress=lzma")


async def test_only_the_latest_lost_sessions_are_kept(
    sandbox: Sandbox, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bot that is killed again and again leaves no heap of sessions behind."""
    monkeypatch.setattr(hub_, "MAX_LOST_SESSIONS", 2)
    for _ in range(5):
        client = await connect()
        await client.identify()
        await client.until("GUILD_CREATE")
        sandbox.drop_gateway()
        await sandbox.wait_for(lambda: not sandbox.hub.connections)
    assert len(sandbox.hub.sessions) == 3


async def test_a_client_that_does_not_keep_up_is_cut_off(
    sandbox: Sandbox, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What waits to be sent to one client is bounded; its session can still be resumed."""
    monkeypatch.setattr(connection_, "MAX_QUEUED", 10)
    client = await connect()
    await client.identify()
    await client.until("GUILD_CREATE")
    for _ in range(6):
        sandbox.join(GUILD, "alice", "lobby")
        sandbox.leave(GUILD, "alice")
    await sandbox.wait_for(lambda: not sandbox.hub.connections)
    assert sandbox.hub.sessions


def test_too_much_missed_cannot_be_replayed() -> None:
    """A session whose kept events do not reach back far enough is lost."""
    session = Session("s", intents=0, shard_id=0, shard_count=1)
    assert session.can_replay(0)
    for _ in range(20_001):
        session.dispatch("X", b"{}")
    assert not session.can_replay(0)
    assert session.can_replay(1)
    assert session.replay(20_000) == 1
