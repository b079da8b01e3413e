import asyncio

import aiohttp
import pytest

from tests.unit.sandbox.tools import GUILD_ID, ManualClock
from voxguard.errors import UsageError
from voxguard.sandbox.clock import SystemClock
from voxguard.sandbox.faults import Outage
from voxguard.sandbox.limits import Limit
from voxguard.sandbox.sandbox import Sandbox
from voxguard.sandbox.world.world import World


async def test_it_listens_on_a_free_port_and_stops(clock: ManualClock) -> None:
    """After the end nobody answers any more."""
    async with Sandbox(clock=clock) as sandbox, aiohttp.ClientSession() as session:
        async with session.get(f"{sandbox.api_url}/gateway") as response:
            assert response.status == 200
        url = sandbox.api_url
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientConnectionError):
            await session.get(f"{url}/gateway")


async def test_an_address_in_use_is_an_error_for_people() -> None:
    """The message names the address and what the system says."""
    async with Sandbox() as sandbox:
        port = int(sandbox.base_url.rpartition(":")[2])
        with pytest.raises(UsageError, match=r"127\.0\.0\.1:\d+: Address already in use"):
            await Sandbox(port=port).start()


async def test_a_host_that_does_not_exist_is_an_error_for_people() -> None:
    """A name that leads nowhere is told so."""
    with pytest.raises(UsageError, match=r"cannot listen on nowhere\.invalid"):
        await Sandbox(host="nowhere.invalid").start()


async def test_an_ipv6_address_is_written_in_brackets() -> None:
    """URLs need them."""
    assert Sandbox(host="::1", port=5).base_url == "http://[::1]:5"


async def test_whoever_is_connected_is_told_goodbye() -> None:
    """Stopping closes gateway connections with 1001 and ends silent outages."""
    async with aiohttp.ClientSession() as session:
        async with Sandbox() as sandbox:
            url = f"{sandbox.base_url}/gateway?v=10&encoding=json"
            ws = await session.ws_connect(url)
            assert (await ws.receive_json())["op"] == 10
            sandbox.set_outage(rest=Outage.SILENCE)
            call = asyncio.create_task(session.get(f"{sandbox.api_url}/gateway"))
            goodbye = asyncio.create_task(ws.receive())
            done, _ = await asyncio.wait([call, goodbye], timeout=0.05)
            assert not done
        assert (await goodbye).data == 1001
        assert (await call).status == 503


async def test_limits_and_token_can_be_given(clock: ManualClock) -> None:
    """What the caller says outranks the world."""
    sandbox = Sandbox(clock=clock, token="given", limits={"member_edit": Limit(3, 1.0)})
    assert sandbox.token == "given"
    assert sandbox.limiter.limits["member_edit"] == Limit(3, 1.0)
    assert sandbox.limiter.limits["global"] == Limit(50, 1.0)


def test_a_world_made_in_python_is_taken_as_it_is(world: World) -> None:
    """No file is needed."""
    assert Sandbox(world).world is world
    assert GUILD_ID in world.guilds


async def test_the_machines_clock_goes_on() -> None:
    """The default clock is aware, in UTC, and sleeps."""
    clock = SystemClock()
    before, at = clock.monotonic(), clock.now()
    await clock.sleep(0.01)
    assert clock.monotonic() - before >= 0.01
    assert at.utcoffset() is not None
    assert clock.now() > at
