import asyncio
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.end_to_end.conftest import Start
from tests.end_to_end.harbour import BLOCK, BLOCKED, WORLD, Harbour, Tables, write_policies
from voxguard.sandbox.clock import SystemClock
from voxguard.sandbox.sandbox import Sandbox

STOP_SECONDS = 10


class NoticingClock(SystemClock):
    """Notices when a request begins to wait."""

    def __init__(self) -> None:
        super().__init__()
        self.waits = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        """Wait as ever."""
        self.waits.set()
        await super().sleep(seconds)


@pytest.fixture
def clock() -> NoticingClock:
    """The sandbox's clock."""
    return NoticingClock()


@pytest.fixture
async def sandbox(clock: NoticingClock) -> AsyncIterator[Sandbox]:
    """Discord, which can be slow."""
    async with Sandbox(WORLD, clock=clock) as sandbox:
        yield sandbox


@pytest.fixture
def policies(policies: Path) -> Path:
    """A block list of two."""
    listed = BLOCKED.replace('"]', '", "80351110224678913"]')
    return write_policies(policies, {"block.yaml": BLOCK, "lists.yaml": listed})


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_stop_finishes_what_is_under_way(
    number: signal.Signals,
    start: Start,
    sandbox: Sandbox,
    clock: NoticingClock,
    harbour: Harbour,
) -> None:
    """At a signal requests under way finish, none begins, and it ends with 0 within 10 s.

    Nothing is left behind, the embedded database included.
    """
    daemon = await (await start(database_url="")).with_database()
    daemon.family.look()
    assert daemon.family.size > 3
    sandbox.set_delay(1.5)
    harbour.join("mallory")
    await clock.waits.wait()
    daemon.signal(number)
    began = time.monotonic()
    await daemon.line("asked to stop", signal=number.name)
    harbour.join("trudy")
    assert await daemon.ended() == 0
    took = time.monotonic() - began
    print(f"{number.name}: ended after {took:.1f} s")
    assert took < STOP_SECONDS
    assert [edit.status for edit in harbour.edits()] == [200]
    assert (harbour.place("mallory"), harbour.place("trudy")) == (None, "lobby")
    assert len(daemon.said("outcome", outcome="applied")) == 1
    assert daemon.words == []
    await daemon.family.gone(0)
    assert not sandbox.hub.is_ready


async def test_a_second_signal_ends_it_at_once(
    start: Start, sandbox: Sandbox, clock: NoticingClock, harbour: Harbour, tables: Tables
) -> None:
    """The second signal waits for nothing; a request without an answer is `unknown` later.

    Its member, who is still there, is decided anew.
    """
    daemon = await (await start()).ready()
    sandbox.set_delay(30)
    harbour.join("mallory")
    await clock.waits.wait()
    daemon.signal(signal.SIGINT)
    await daemon.line("asked to stop")
    daemon.signal(signal.SIGINT)
    began = time.monotonic()
    assert await daemon.ended() == 128 + signal.SIGINT
    print(f"ended after {time.monotonic() - began:.2f} s")
    assert time.monotonic() - began < 2
    await daemon.family.gone()
    sandbox.set_delay(0)
    daemon = await (await start()).ready()
    await harbour.edit("mallory", {"channel_id": None})
    assert await daemon.stop() == 0
    rows = await tables.actions()
    assert [row["outcome"] for row in rows] == ["unknown", "applied"]
    assert len({row["episode"] for row in rows}) == 2


async def test_a_silent_discord_does_not_keep_it(
    start: Start, sandbox: Sandbox, clock: NoticingClock, harbour: Harbour
) -> None:
    """A request that gets no answer at all is given up in time for a stop within 10 s."""
    daemon = await (await start()).ready()
    sandbox.set_delay(60)
    harbour.join("mallory")
    await clock.waits.wait()
    began = time.monotonic()
    assert await daemon.stop() == 0
    took = time.monotonic() - began
    print(f"ended after {took:.1f} s")
    assert took < STOP_SECONDS
    await daemon.family.gone()
