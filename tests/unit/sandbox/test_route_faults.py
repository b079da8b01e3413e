from email.utils import parsedate_to_datetime

import aiohttp
import pytest

from tests.unit.sandbox.tools import ALICE_ID, GUILD, START, Caller, ManualClock
from voxguard.errors import UsageError
from voxguard.sandbox.route_faults import RouteFault, RouteFaults, RouteTrouble


@pytest.fixture(autouse=True)
def present(caller: Caller) -> None:
    """Alice is in voice."""
    caller.sandbox.join(GUILD, "alice", "lobby")


def is_muted(caller: Caller) -> bool:
    """Whether alice is muted."""
    return caller.sandbox.world.member(caller.sandbox.world.only_guild(), "alice").guild_mute


@pytest.mark.parametrize(("scope", "invalid"), [("user", 1), ("global", 1), ("shared", 0)], ids=str)
async def test_a_429_of_each_scope(caller: Caller, scope: str, invalid: int) -> None:
    """It says how long to wait and why, and nothing is done; a shared one leads to no ban."""
    how = f"429 {scope}"
    fault = {"how": how, "route": "member_edit", "seconds": "1.5s", "times": 1}
    assert (await caller.control("route_fault", **fault)).status == 200
    reply = await caller.edit(ALICE_ID, mute=True)
    assert reply.status == 429
    assert (reply.payload["retry_after"], reply.payload["global"]) == (1.5, scope == "global")
    assert reply.headers["X-RateLimit-Scope"] == scope
    assert reply.headers["Retry-After"] == "2"
    assert ("X-RateLimit-Global" in reply.headers) == (scope == "global")
    assert ("X-RateLimit-Bucket" in reply.headers) == (scope != "global")
    assert not is_muted(caller)
    assert caller.sandbox.limiter.invalid_count == invalid
    assert (await caller.edit(ALICE_ID, mute=True)).status == 200


async def test_a_403_for_one_field_of_a_route(caller: Caller) -> None:
    """What is forbidden is 50013 until it is permitted again; everything else goes on."""
    await caller.control("route_fault", how=403, route="member_edit", field="mute")
    reply = await caller.edit(ALICE_ID, mute=True)
    assert (reply.status, reply.code, is_muted(caller)) == (403, 50013, False)
    assert (await caller.edit(ALICE_ID, deaf=True)).status == 200
    await caller.control("end_route_faults", route="message")
    assert (await caller.edit(ALICE_ID, mute=True)).status == 403
    await caller.control("end_route_faults", route="member_edit")
    assert (await caller.edit(ALICE_ID, mute=True)).status == 200


async def test_slow_answers(caller: Caller, clock: ManualClock) -> None:
    """A call waits its time and a share of the jitter; another route does not."""
    caller.sandbox.faults.routes.chance = lambda: 0.5
    await caller.control("route_fault", how="slow", route="read", seconds="2s", jitter="1s")
    await caller.edit(ALICE_ID, mute=True)
    assert clock.seconds == 0.0
    await caller.call("GET", "/users/@me")
    assert clock.seconds == 2.5


async def test_an_answer_is_lost_after_the_effect(caller: Caller) -> None:
    """The call is done and noted, and the line is cut instead of an answer."""
    await caller.control("route_fault", how="lost answer", route="member_edit", times=1)
    with pytest.raises(aiohttp.ClientError):
        await caller.edit(ALICE_ID, mute=True)
    assert is_muted(caller)
    assert caller.sandbox.requests[-1].status == 200
    assert (await caller.edit(ALICE_ID, mute=False)).status == 200


async def test_a_wrong_date(caller: Caller) -> None:
    """The Date of answers is off by as much as was said, until it is right again."""

    async def minutes_off() -> float:
        reply = await caller.call("GET", "/users/@me")
        return (parsedate_to_datetime(reply.headers["Date"]) - START).total_seconds() / 60

    await caller.control("date", ahead="5m")
    assert await minutes_off() == 5
    await caller.control("date", behind="5m")
    assert await minutes_off() == -5
    await caller.control("date")
    assert abs(await minutes_off()) > 5


async def test_an_unknown_route_is_refused(caller: Caller) -> None:
    """A fault that could never befall anything is a mistake."""
    with pytest.raises(UsageError, match="no rate limit 'members'"):
        caller.sandbox.add_route_fault(RouteTrouble.SLOW, route="members")
    reply = await caller.control("route_fault", how="sad")
    assert "one of 429 user, 429 global" in reply.payload["error"]


def test_one_fault_of_each_trouble_befalls_a_call() -> None:
    """The one that was set first is used up first, and troubles of several sorts come together."""
    faults = RouteFaults()
    first = RouteFault(RouteTrouble.SLOW, left=1)
    second = RouteFault(RouteTrouble.SLOW, seconds=3.0)
    lost = RouteFault(RouteTrouble.LOST_ANSWER, route="read")
    for fault in (first, second, lost):
        faults.add(fault)
    assert faults.take("read", None) == [first, lost]
    assert faults.take("read", None) == [second, lost]
    faults.end("read")
    assert faults.take("read", None) == [second]
    faults.end()
    assert faults.take("read", None) == []
