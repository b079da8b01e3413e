"""A sandbox, a place for policies, and daemons that are gone after the test."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from tests.end_to_end.daemon import Daemon, environment
from tests.end_to_end.harbour import GUILD_YAML, WORLD, Harbour, Tables, write_policies
from voxguard.sandbox.sandbox import Sandbox

Start = Callable[..., Awaitable[Daemon]]


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """Discord, with the guild of `world.yaml`."""
    async with Sandbox(WORLD) as sandbox:
        yield sandbox


@pytest.fixture
def harbour(sandbox: Sandbox) -> Harbour:
    """That guild."""
    return Harbour(sandbox)


@pytest.fixture
def state_dir(tmp_path: Path) -> Path:
    """The daemon's state directory, which it makes itself."""
    return tmp_path / "state"


@pytest.fixture
def policies(tmp_path: Path) -> Path:
    """A policy set that holds the guild alone."""
    return write_policies(tmp_path / "policies", {"guild.yaml": GUILD_YAML})


@pytest.fixture
def tables(database_url: str) -> Tables:
    """The tables of the database on the shared server."""
    return Tables(database_url)


@pytest.fixture
async def start(
    sandbox: Sandbox, policies: Path, state_dir: Path, database_url: str
) -> AsyncIterator[Start]:
    """Start a daemon on the shared server; `database_url=""` gives it an embedded one.

    `program` is another module to run; other keyword arguments are settings. Whatever is still
    there after the test is killed.
    """
    begun: list[Daemon] = []

    async def begin(*arguments: str, program: str = "voxguard", **settings: str) -> Daemon:
        env = environment(state_dir, sandbox, **{"database_url": database_url, **settings})
        daemon = await Daemon.start(policies, env, *arguments, program=program)
        begun.append(daemon)
        return daemon

    yield begin
    await asyncio.gather(*(daemon.kill() for daemon in begun))
