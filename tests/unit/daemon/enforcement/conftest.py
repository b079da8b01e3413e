"""A queue to drive by hand, and an enforcer before a sandbox."""

from collections.abc import AsyncIterator

import pytest

from tests.unit.daemon.enforcement.bench import GUILD, Bench
from tests.unit.daemon.enforcement.tools import Rig
from voxguard.discord.app import open_app
from voxguard.discord.rest import DiscordActor
from voxguard.sandbox.sandbox import Sandbox


@pytest.fixture
def rig() -> Rig:
    """A queue with nothing wanted; alice (1) is in the lobby."""
    made = Rig()
    made.joined(1)
    return made


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """A sandbox in which alice and bob are in the lobby."""
    async with Sandbox() as running:
        running.join(GUILD, "alice", "lobby")
        running.join(GUILD, "bob", "lobby")
        yield running


@pytest.fixture
async def bench(sandbox: Sandbox) -> AsyncIterator[Bench]:
    """An enforcer before the sandbox."""
    async with open_app(sandbox.token, sandbox.api_url) as app:
        made = Bench(sandbox, DiscordActor(app))
        yield made
        await made.enforcer.close(5.0)
