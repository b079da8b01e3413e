"""A sandbox that runs in real time, and hikari's parts pointed at it."""

from collections.abc import AsyncIterator

import pytest

from tests.unit.discord.tools import GUILD, Listener
from voxguard.discord import pacing
from voxguard.discord.app import App, open_app
from voxguard.discord.rest import DiscordActor
from voxguard.sandbox.sandbox import Sandbox


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """A sandbox with the default world, listening; alice and bob are in the lobby."""
    async with Sandbox() as running:
        running.join(GUILD, "alice", "lobby")
        running.join(GUILD, "bob", "lobby")
        yield running


@pytest.fixture
async def app(sandbox: Sandbox) -> AsyncIterator[App]:
    """The parts of hikari, with the sandbox's token."""
    async with open_app(sandbox.token, sandbox.api_url) as opened:
        yield opened


@pytest.fixture
def actor(app: App) -> DiscordActor:
    """What acts upon members."""
    return DiscordActor(app)


@pytest.fixture
def listener() -> Listener:
    """Who is told of dispatches and of the gateway's status."""
    return Listener()


@pytest.fixture
def no_long_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what is tried again be tried soon."""
    monkeypatch.setattr(pacing, "FIRST_PAUSE_SECONDS", 0.05)
    monkeypatch.setattr(pacing, "LONGEST_PAUSE_SECONDS", 0.1)
    monkeypatch.setattr(pacing, "IDENTIFY_SECONDS", 0.1)
    monkeypatch.setattr("hikari.impl.rate_limits.ExponentialBackOff.__next__", lambda _: 0.1)
