import pytest

from tests.unit.sandbox.gateway.conftest import GUILDS_AND_VOICE, Client, Connect
from tests.unit.sandbox.tools import ALICE_ID, GUILD, GUILD_ID
from voxguard.sandbox.sandbox import Sandbox

MEMBERS = 1 << 1


@pytest.fixture
async def client(connect: Connect) -> Client:
    """A connection that has been greeted."""
    client = await connect()
    assert (await client.receive())["op"] == 10
    return client


async def test_a_connection_is_greeted_with_the_heartbeat_interval(connect: Connect) -> None:
    """The first payload is HELLO."""
    hello = await (await connect()).receive()
    assert hello == {"op": 10, "s": None, "t": None, "d": {"heartbeat_interval": 41250}}


async def test_identify_gives_ready_and_then_each_guild(sandbox: Sandbox, client: Client) -> None:
    """READY names the guilds as unavailable, GUILD_CREATE brings them, numbered in order."""
    sandbox.join(GUILD, "alice", "lobby")
    await client.identify()
    ready = await client.receive()
    assert (ready["t"], ready["s"], ready["d"]["v"]) == ("READY", 1, 10)
    assert ready["d"]["guilds"] == [{"id": str(GUILD_ID), "unavailable": True}]
    created = await client.receive()
    assert (created["t"], created["s"]) == ("GUILD_CREATE", 2)
    assert created["d"]["unavailable"] is False
    assert [state["user_id"] for state in created["d"]["voice_states"]] == [str(ALICE_ID)]
    assert sandbox.hub.session_starts_left() == 999


async def test_an_unavailable_guild_comes_later(sandbox: Sandbox, client: Client) -> None:
    """A guild that READY names and that is not available is created when it is."""
    sandbox.set_available(GUILD, available=False)
    await client.identify()
    assert (await client.receive())["d"]["guilds"][0]["id"] == str(GUILD_ID)
    sandbox.set_available(GUILD, available=True)
    assert (await client.receive())["t"] == "GUILD_CREATE"


async def test_heartbeats_are_answered_also_before_identify(
    sandbox: Sandbox, client: Client
) -> None:
    """Op 1 is answered with op 11, unless the connection is to be a zombie."""
    await client.send(1, None)
    assert (await client.receive())["op"] == 11
    sandbox.set_zombie(zombie=True)
    await client.send(1, None)
    await client.identify()
    assert (await client.receive())["t"] == "READY"


@pytest.mark.parametrize(
    ("op", "data", "code"),
    [
        (2, {"token": "wrong", "intents": 1}, 4004),
        (2, None, 4002),
        (2, {"intents": 1 << 60}, 4013),
        (2, {"intents": -1}, 4013),
        (2, {"intents": None}, 4013),
        (2, {"intents": 1 << 8}, 4014),
        (2, {"intents": 1, "shard": [1, 1]}, 4010),
        (2, {"intents": 1, "shard": "0/1"}, 4010),
        (6, {"session_id": 5, "seq": None}, 4002),
        (8, {}, 4003),
        (99, {}, 4003),
    ],
    ids=str,
)
async def test_wrong_beginnings_have_their_close_codes(
    sandbox: Sandbox, client: Client, op: int, data: object, code: int
) -> None:
    """Token, intents, shard and order are checked, each with its own code."""
    if isinstance(data, dict):
        data = {"token": sandbox.token, **data}
    await client.send(op, data)
    assert await client.close_code() == code


@pytest.mark.parametrize(
    ("op", "data", "code"), [(2, {}, 4005), (99, {}, 4001), (8, None, 4002)], ids=str
)
async def test_wrong_continuations_have_their_close_codes(
    client: Client, op: int, data: object, code: int
) -> None:
    """A second IDENTIFY, an unknown op and a malformed request close the connection."""
    await client.identify()
    await client.until("GUILD_CREATE")
    await client.send(op, data)
    assert await client.close_code() == code


@pytest.mark.parametrize("frame", ["{", "[]", "{}", '{"op": "1"}', '"' + "x" * 5000 + '"'])
async def test_what_cannot_be_read_is_4002(client: Client, frame: str) -> None:
    """Broken JSON, no payload, and more than 4,096 bytes are decode errors."""
    await client.ws.send_str(frame)
    assert await client.close_code() == 4002


@pytest.mark.parametrize(
    ("query", "code"), [("v=9&encoding=json", 4012), ("v=10&encoding=etf", 4002)]
)
async def test_only_version_10_in_json_is_spoken(connect: Connect, query: str, code: int) -> None:
    """Another API version or encoding closes the connection at once."""
    assert await (await connect(query)).close_code() == code


async def test_presence_and_voice_updates_are_taken_without_effect(client: Client) -> None:
    """Op 3 and op 4 do no harm."""
    await client.send(3, {})
    assert await client.close_code() == 4003


async def test_presence_and_voice_updates_do_nothing_in_a_session(client: Client) -> None:
    """Op 3 and op 4 leave the session as it is."""
    await client.identify()
    await client.until("GUILD_CREATE")
    await client.send(3, {})
    await client.send(4, {})
    await client.send(1, None)
    assert (await client.receive())["op"] == 11


async def test_events_come_by_intent(sandbox: Sandbox, client: Client) -> None:
    """Member events need GUILD_MEMBERS; the bot's own member is always sent."""
    await client.identify()
    await client.until("GUILD_CREATE")
    sandbox.add_member(GUILD, "dave")
    sandbox.human_edit(GUILD, "alice", roles=["dj"])
    sandbox.human_edit(GUILD, "voxguard", roles=["dj"])
    event = await client.receive()
    assert event["t"] == "GUILD_MEMBER_UPDATE"
    assert event["d"]["user"]["username"] == "voxguard"
    sandbox.join(GUILD, "alice", "lobby")
    assert (await client.receive())["t"] == "VOICE_STATE_UPDATE"


async def test_without_the_guilds_intent_no_guild_comes(sandbox: Sandbox, client: Client) -> None:
    """Only voice states are sent to who asked for nothing else."""
    await client.identify(intents=1 << 7)
    assert (await client.receive())["t"] == "READY"
    sandbox.create_role(GUILD, "guests")
    sandbox.join(GUILD, "alice", "lobby")
    assert (await client.receive())["t"] == "VOICE_STATE_UPDATE"


async def test_guilds_belong_to_their_shard(sandbox: Sandbox, connect: Connect) -> None:
    """A guild's events go to the shard that its id says."""
    mine = (GUILD_ID >> 22) % 2
    clients = [await connect(), await connect()]
    for shard_id, client in enumerate(clients):
        await client.identify(shard=[shard_id, 2])
    assert (await clients[1 - mine].until("READY"))["d"]["guilds"] == []
    await clients[mine].until("GUILD_CREATE")
    sandbox.join(GUILD, "alice", "lobby")
    assert (await clients[mine].receive())["t"] == "VOICE_STATE_UPDATE"


async def test_sessions_cannot_be_started_without_end(sandbox: Sandbox, client: Client) -> None:
    """When the day's session starts are used up, IDENTIFY is answered with op 9."""
    sandbox.set_session_starts(left=0)
    await client.identify()
    assert await client.receive() == {"op": 9, "d": False, "s": None, "t": None}


async def test_members_are_requested_in_chunks(sandbox: Sandbox, client: Client) -> None:
    """Op 8 is answered with the members asked for, those not found, and the nonce."""
    await client.identify(intents=GUILDS_AND_VOICE | MEMBERS)
    await client.until("GUILD_CREATE")
    request = {"guild_id": str(GUILD_ID), "user_ids": [str(ALICE_ID), "5"], "nonce": "n"}
    await client.send(8, request)
    chunk = (await client.receive())["d"]
    assert [member["user"]["username"] for member in chunk["members"]] == ["alice"]
    assert (chunk["not_found"], chunk["nonce"]) == (["5"], "n")
    assert (chunk["chunk_index"], chunk["chunk_count"]) == (0, 1)
