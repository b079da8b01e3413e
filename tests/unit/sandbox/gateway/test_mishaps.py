import asyncio

import pytest

from tests.unit.sandbox.gateway.conftest import Client, Connect
from tests.unit.sandbox.tools import GUILD, ManualClock
from voxguard.sandbox.gateway.mishaps import Mishap, Mishaps
from voxguard.sandbox.journal import Journal
from voxguard.sandbox.sandbox import Sandbox

EVENT = "VOICE_STATE_UPDATE"


@pytest.fixture
async def client(connect: Connect) -> Client:
    """A session that has its guild."""
    client = await connect()
    await client.identify()
    await client.until("GUILD_CREATE")
    return client


async def members(client: Client, count: int) -> list[tuple[str, int]]:
    """Whom the next events are about, and their sequence numbers."""
    events = [await client.until(EVENT) for _ in range(count)]
    return [(each["d"]["member"]["user"]["username"], each["s"]) for each in events]


async def test_a_lost_event_never_comes(sandbox: Sandbox, client: Client) -> None:
    """The next one has the number that it would have had."""
    sandbox.add_event_fault(Mishap.LOST, event=EVENT, times=1)
    sandbox.join(GUILD, "alice", "lobby")
    sandbox.join(GUILD, "olga", "lobby")
    assert await members(client, 1) == [("olga", 3)]


async def test_an_event_comes_twice(sandbox: Sandbox, client: Client) -> None:
    """Each time with a number of its own; other events are not touched."""
    sandbox.add_event_fault(Mishap.TWICE, event=EVENT)
    sandbox.create_role(GUILD, "guests")
    sandbox.join(GUILD, "alice", "lobby")
    assert await members(client, 2) == [("alice", 4), ("alice", 5)]
    sandbox.end_event_faults()
    sandbox.join(GUILD, "olga", "lobby")
    assert await members(client, 1) == [("olga", 6)]


async def test_an_event_comes_after_the_next(sandbox: Sandbox, client: Client) -> None:
    """Two events change places."""
    sandbox.add_event_fault(Mishap.SWAPPED, times=1)
    sandbox.join(GUILD, "alice", "lobby")
    sandbox.join(GUILD, "olga", "lobby")
    assert await members(client, 2) == [("olga", 3), ("alice", 4)]


async def test_a_late_event(sandbox: Sandbox, client: Client, clock: ManualClock) -> None:
    """It says what was true when it happened, after what has happened since."""
    sandbox.add_event_fault(Mishap.LATE, times=1, seconds=3.0)
    sandbox.join(GUILD, "alice", "lobby")
    sandbox.leave(GUILD, "alice")
    first, second = await client.until(EVENT), await client.until(EVENT)
    assert first["d"]["channel_id"] is None
    assert second["d"]["channel_id"] is not None
    assert clock.seconds == 3.0


async def test_what_is_late_is_forgotten_at_the_end(sandbox: Sandbox) -> None:
    """A sandbox that stops leaves nothing behind that would still send."""
    mishaps = sandbox.hub.mishaps
    sandbox.add_event_fault(Mishap.LATE, seconds=3.0)
    sandbox.join(GUILD, "alice", "lobby")
    (task,) = mishaps._late
    mishaps.clear()
    await asyncio.wait([task])
    assert task.cancelled()


async def test_mishaps_are_told_of(sandbox: Sandbox) -> None:
    """Whoever looks on sees what befell which event."""
    stories: list[str] = []
    mishaps = Mishaps(Journal(sandbox.clock, lambda sighting: stories.append(sighting.text)))
    sandbox.hub.mishaps = mishaps
    sandbox.add_event_fault(Mishap.LOST)
    sandbox.join(GUILD, "alice", "lobby")
    assert stories == [f"{EVENT} is lost"]


async def test_a_withheld_guild(sandbox: Sandbox, connect: Connect) -> None:
    """READY names it, it does not come, nothing of it does; until it is handed out."""
    sandbox.withhold_guild(GUILD, withheld=True)
    client = await connect()
    await client.identify()
    assert len((await client.until("READY"))["d"]["guilds"]) == 1
    sandbox.join(GUILD, "alice", "lobby")
    sandbox.withhold_guild(GUILD, withheld=False)
    created = await client.receive()
    assert (created["t"], len(created["d"]["voice_states"])) == ("GUILD_CREATE", 1)
    sandbox.join(GUILD, "olga", "lobby")
    assert await members(client, 1) == [("olga", 3)]


async def test_a_bot_is_thrown_out_and_invited_again(sandbox: Sandbox, client: Client) -> None:
    """GUILD_DELETE says nothing of an outage; what happens meanwhile is seen afterwards only."""
    sandbox.kick_bot(GUILD)
    assert "unavailable" not in (await client.until("GUILD_DELETE"))["d"]
    sandbox.join(GUILD, "alice", "lobby")
    sandbox.invite_bot(GUILD)
    created = await client.receive()
    assert (created["t"], len(created["d"]["voice_states"])) == ("GUILD_CREATE", 1)
