"""A sandbox that runs, a caller for it, and a world without a server."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.unit.sandbox.tools import Caller, ManualClock, Witness
from voxguard.sandbox.files.world_file import read_world
from voxguard.sandbox.sandbox import DEFAULT_WORLD, Sandbox
from voxguard.sandbox.world.state import Guild
from voxguard.sandbox.world.world import World


@pytest.fixture
def clock() -> ManualClock:
    """A clock that is moved by hand."""
    return ManualClock()


@pytest.fixture
async def sandbox(clock: ManualClock) -> AsyncIterator[Sandbox]:
    """A sandbox with the default world, listening, on a clock that stands."""
    async with Sandbox(clock=clock) as running:
        yield running


@pytest.fixture
async def caller(sandbox: Sandbox) -> AsyncIterator[Caller]:
    """Somebody who calls the sandbox over HTTP."""
    async with aiohttp.ClientSession() as session:
        yield Caller(sandbox, session)


@pytest.fixture
def world(clock: ManualClock) -> World:
    """The default world without a server."""
    return read_world(DEFAULT_WORLD, clock=clock)[0]


@pytest.fixture
def guild(world: World) -> Guild:
    """The guild of the default world."""
    return world.only_guild()


@pytest.fixture
def witness(world: World) -> Witness:
    """Somebody who keeps what the world sends and says."""
    return Witness(world)
