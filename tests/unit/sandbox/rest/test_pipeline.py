import asyncio
from io import BytesIO

import pytest

from tests.unit.sandbox.tools import ALICE_ID, GUILD_ID, Caller, ManualClock
from voxguard.sandbox.faults import Outage
from voxguard.sandbox.sandbox import MAX_BODY

EDIT = f"/guilds/{GUILD_ID}/members/{ALICE_ID}"


async def test_a_wrong_token_is_refused_and_not_kept(caller: Caller) -> None:
    """A bad token is 401 in Discord's words, and stands nowhere in the log."""
    reply = await caller.call("GET", "/users/@me", token="stolen")
    assert reply.status == 401
    assert reply.payload == {"message": "401: Unauthorized", "code": 0}
    assert "stolen" not in repr(caller.sandbox.requests)


async def test_unknown_routes_and_methods_are_answered_as_discord_does(
    caller: Caller,
) -> None:
    """An unknown path is 404, a method that a path does not take 405, both as JSON."""
    missing = await caller.call("GET", "/nowhere")
    assert (missing.status, missing.payload["message"]) == (404, "404: Not Found")
    wrong = await caller.call("DELETE", "/users/@me")
    assert (wrong.status, wrong.payload["message"]) == (405, "405: Method Not Allowed")
    assert [seen.status for seen in caller.sandbox.requests] == [404, 405]


async def test_what_is_no_api_path_is_left_to_the_server(caller: Caller) -> None:
    """Paths outside of the API are not logged as calls."""
    async with caller.session.get(caller.sandbox.base_url + "/favicon.ico") as response:
        assert response.status == 404
    assert caller.sandbox.requests == []


async def test_bodies_must_be_json_and_of_bearable_size(caller: Caller) -> None:
    """Broken JSON is 50109, a value that is no object too, an overlong body 413."""
    assert (await caller.call("PATCH", EDIT, raw=b"{")).code == 50109
    assert (await caller.call("PATCH", EDIT, [])).code == 50109
    assert (await caller.call("PATCH", EDIT)).code == 50109
    huge = await caller.call("PATCH", EDIT, raw=BytesIO(b"1" * (MAX_BODY + 1)))
    assert (huge.status, huge.code) == (413, 40005)


@pytest.mark.parametrize(
    ("reason", "status"),
    [("ж" * 512, 200), ("ж" * 513, 400), ("", 400)],
    ids=["longest", "too-long", "empty"],
)
async def test_reasons_have_1_to_512_characters(caller: Caller, reason: str, status: int) -> None:
    """The decoded reason is measured in characters."""
    reply = await caller.call("PATCH", EDIT, {"nick": None}, reason)
    assert reply.status == status
    assert caller.sandbox.requests[-1].reason == reason


async def test_the_rate_limit_is_announced_and_enforced(caller: Caller, clock: ManualClock) -> None:
    """Headers count down, then 429 says how long; after that time it goes on."""
    for remaining in range(9, -1, -1):
        reply = await caller.edit(ALICE_ID)
        assert reply.headers["X-RateLimit-Remaining"] == str(remaining)
    limited = await caller.edit(ALICE_ID)
    assert limited.status == 429
    assert limited.payload == {
        "message": "You are being rate limited.",
        "retry_after": 10.0,
        "global": False,
    }
    assert limited.headers["Retry-After"] == "10"
    assert limited.headers["X-RateLimit-Scope"] == "user"
    clock.seconds += 10
    assert (await caller.edit(ALICE_ID)).status == 200


async def test_refusals_carry_the_headers_too(caller: Caller) -> None:
    """An error counts to its bucket and says so."""
    reply = await caller.edit(ALICE_ID, mute=True)
    assert reply.status == 400
    assert reply.headers["X-RateLimit-Remaining"] == "9"


async def test_too_many_refusals_get_the_address_banned(caller: Caller, clock: ManualClock) -> None:
    """After so many of 401, 403 and 429 there is only a bare 429 until the window is over."""
    caller.sandbox.set_limit("invalid", limit=2, within_seconds=600)
    for _ in range(2):
        assert (await caller.call("GET", "/users/@me", token="bad")).status == 401
    banned = await caller.call("GET", "/users/@me")
    assert (banned.status, banned.payload) == (429, None)
    assert "X-RateLimit-Bucket" not in banned.headers
    clock.seconds += 600
    assert (await caller.call("GET", "/users/@me")).status == 200


@pytest.mark.parametrize("outage", [Outage.ERROR, Outage.UNAVAILABLE])
async def test_an_outage_answers_errors_until_it_is_over(caller: Caller, outage: Outage) -> None:
    """During an outage every call fails with its status and does nothing."""
    caller.sandbox.set_outage(rest=outage)
    assert (await caller.call("GET", "/users/@me")).status == int(outage)
    caller.sandbox.set_outage()
    assert (await caller.call("GET", "/users/@me")).status == 200


async def test_a_silent_outage_answers_nothing_until_it_is_over(caller: Caller) -> None:
    """A call that came during the silence fails when it ends."""
    caller.sandbox.set_outage(rest=Outage.SILENCE)
    waiting = asyncio.create_task(caller.call("GET", "/users/@me"))
    done, _ = await asyncio.wait([waiting], timeout=0.05)
    assert not done
    caller.sandbox.set_outage()
    assert (await waiting).status == 503


async def test_answers_can_be_slow(caller: Caller, clock: ManualClock) -> None:
    """With a delay each call waits, and the log says how long it took."""
    caller.sandbox.set_delay(2.5)
    await caller.call("GET", "/users/@me")
    seen = caller.sandbox.requests[-1]
    assert seen.answered_monotonic - seen.monotonic == 2.5
    assert clock.seconds == 2.5
