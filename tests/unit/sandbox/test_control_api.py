from io import BytesIO

import pytest

from tests.unit.sandbox.tools import ALICE_ID, LOG_ID, Caller
from voxguard.sandbox.actions import ACTIONS
from voxguard.sandbox.sandbox import MAX_BODY


async def get(caller: Caller, path: str) -> tuple[int, dict[str, object]]:
    """What the control API answers to a look."""
    async with caller.session.get(caller.sandbox.base_url + path) as response:
        payload = await response.json()
        assert isinstance(payload, dict)
        return response.status, payload


async def test_the_index_names_every_action(caller: Caller) -> None:
    """Whoever asks is told what there is and what it takes."""
    _, index = await get(caller, "/sandbox")
    actions = index["actions"]
    assert isinstance(actions, dict)
    assert actions.keys() == ACTIONS.keys()
    assert actions["join"]["needs"] == ["member", "channel"]


async def test_the_world_can_be_looked_at(caller: Caller) -> None:
    """Guilds, channels and members are shown by name; the token is not."""
    caller.sandbox.join("harbour", "alice", "lobby")
    status, world = await get(caller, "/sandbox/world")
    assert status == 200
    guilds = world["guilds"]
    assert isinstance(guilds, list)
    channels = {channel["name"]: channel for channel in guilds[0]["channels"]}
    assert channels["lobby"]["connected"] == ["alice"]
    assert (channels["lobby"]["category"], channels["stage"]["category"]) == ("Voice", None)
    members = {member["name"]: member for member in guilds[0]["members"]}
    assert members["alice"]["voice"]["channel"] == "lobby"
    assert members["bob"] == {
        "id": "80351110224678002",
        "name": "bob",
        "bot": False,
        "roles": ["dj"],
        "mute": False,
        "deaf": False,
        "timed_out_until": None,
        "takes_messages": True,
        "voice": None,
    }
    assert guilds[0]["afk_channel"] == "afk"
    assert caller.sandbox.token not in str(world)
    caller.sandbox.set_afk_channel("harbour")
    _, world = await get(caller, "/sandbox/world")
    assert "'afk_channel': None" in str(world)


async def test_messages_can_be_read(caller: Caller) -> None:
    """What the bot has said is listed with where, and whom it notifies."""
    recipient = {"recipient_id": str(ALICE_ID)}
    direct = (await caller.call("POST", "/users/@me/channels", recipient)).payload["id"]
    for channel, text in ((direct, "mind the rules"), (LOG_ID, f"@everyone <@{ALICE_ID}>")):
        await caller.call("POST", f"/channels/{channel}/messages", {"content": text})
    _, listed = await get(caller, "/sandbox/messages")
    rows = listed["messages"]
    assert isinstance(rows, list)
    assert [(row["channel"], row["content"], row["notifies"]) for row in rows] == [
        ("@alice", "mind the rules", []),
        ("mod-log", f"@everyone <@{ALICE_ID}>", ["alice"]),
    ]
    assert listed["total"] == 2


async def test_requests_can_be_followed(caller: Caller) -> None:
    """Each call is listed once with its number, so that one can go on from there."""
    await caller.edit(ALICE_ID, "because", mute=True)
    await caller.call("GET", "/users/@me")
    _, everything = await get(caller, "/sandbox/requests")
    rows = everything["requests"]
    assert isinstance(rows, list)
    assert [row["number"] for row in rows] == [0, 1]
    assert (rows[0]["reason"], rows[0]["status"]) == ("because", 400)
    assert everything["total"] == 2
    _, later = await get(caller, "/sandbox/requests?since=1")
    assert later["requests"] == rows[1:]
    status, _ = await get(caller, "/sandbox/requests?since=yesterday")
    assert status == 400


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (b"{", 400, "not JSON"),
        (b"[]", 400, "a mapping is expected"),
        (b'{"member": "alice"}', 409, "not connected"),
        (b'{"member": "nobody"}', 409, "no member"),
    ],
)
async def test_refusals_are_told_from_mistakes(
    caller: Caller, body: bytes, status: int, said: str
) -> None:
    """A malformed call is 400, one that cannot be done now 409."""
    url = f"{caller.sandbox.base_url}/sandbox/leave"
    async with caller.session.post(url, data=body) as response:
        assert response.status == status
        assert said in (await response.json())["error"]


async def test_a_huge_call_is_refused(caller: Caller) -> None:
    """A body above the limit is 413."""
    url = f"{caller.sandbox.base_url}/sandbox/leave"
    async with caller.session.post(url, data=BytesIO(b" " * (MAX_BODY + 1))) as response:
        assert response.status == 413


async def test_a_call_without_a_body_has_no_arguments(caller: Caller) -> None:
    """POST alone is enough for an action that needs nothing."""
    url = f"{caller.sandbox.base_url}/sandbox/reconnect_gateway"
    async with caller.session.post(url) as response:
        assert response.status == 200
