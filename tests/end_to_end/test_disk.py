"""A state directory that takes nothing while the daemon runs, and then does again."""

import asyncio
import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import pairwise
from pathlib import Path

import pytest

from tests.end_to_end.conftest import Start
from tests.end_to_end.daemon import Daemon, eventually
from tests.end_to_end.harbour import BLOCK, BLOCKED, QUIET, Harbour, Tables, write_policies
from voxguard.daemon.ledger import MOST_WAITING

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0
    or shutil.which("mkfs.ext4") is None
    or not Path("/dev/loop-control").exists(),
    reason="it mounts a file system of its own: that takes root, loop devices and mkfs.ext4",
)


@pytest.fixture
def policies(policies: Path) -> Path:
    """A block list, and a channel for listening."""
    files = {"block.yaml": BLOCK, "lists.yaml": BLOCKED, "quiet.yaml": QUIET}
    return write_policies(policies, files)


def run(*command: str) -> None:
    """Run a program of the system, or skip where the system does not let it."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"{command[0]} is not possible here: {done.stderr.strip()}")


@pytest.fixture
def state_dir(tmp_path: Path) -> Iterator[Path]:
    """A file system of 100 MB."""
    image, place = tmp_path / "image", tmp_path / "state"
    with image.open("wb") as file:
        file.truncate(100_000_000)
    run("mkfs.ext4", "-q", "-m", "0", str(image))
    place.mkdir()
    run("mount", "-o", "loop", str(image), str(place))
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=False)


@contextmanager
def full(directory: Path) -> Iterator[None]:
    """Leave no room in it."""
    ballast = directory / "ballast"
    with ballast.open("wb", buffering=0) as file:
        size = 1 << 20
        while size >= 512:
            try:
                file.write(bytes(size))
            except OSError:
                size //= 2
    yield
    ballast.unlink()


@contextmanager
def read_only(directory: Path) -> Iterator[None]:
    """Let nobody write to what is open already: a remount does not do that to a running program."""
    files = [str(file) for file in directory.glob("outbox.sqlite3*")]
    run("chattr", "+i", *files)
    yield
    run("chattr", "-i", *files)


async def says_why(daemon: Daemon, words: str) -> None:
    """It is not ready, says why, and what to do about it, and says it once."""
    health = await daemon.health_where(lambda health: not health["ready"])
    assert any(words in reason for reason in health["reasons"]), health
    (line,) = daemon.said("nothing can be recorded")
    assert line["hint"]


async def sees_in_voice(daemon: Daemon, number: int) -> None:
    """The daemon has taken in that so many members are connected."""
    wanted = f'voxguard_members_connected{{guild="110373943822540800"}} {number}.0\n'

    async def look() -> bool:
        return wanted in await daemon.text("/metrics")

    await eventually(look, f"{number} members in voice")


@pytest.mark.parametrize(
    ("trouble", "words"), [(full, "the disk is full"), (read_only, "reading or writing failed")]
)
async def test_while_nothing_can_be_recorded_nothing_is_done(
    start: Start,
    harbour: Harbour,
    tables: Tables,
    state_dir: Path,
    trouble: Callable[[Path], AbstractContextManager[None]],
    words: str,
) -> None:
    """It says so, goes on looking, and without a restart does what is still to be done, once."""
    daemon = await (await start()).with_database()
    harbour.join("alice", "music")
    await harbour.edit("alice", {"mute": True})
    with trouble(state_dir):
        harbour.join("mallory", "lobby")
        harbour.join("bob", "music")
        harbour.join("carol", "music")
        await sees_in_voice(daemon, 4)
        harbour.leave("bob")
        await says_why(daemon, words)
        await sees_in_voice(daemon, 3)
        # The log speaks of what is on disk.
        assert daemon.said("decided", member=str(harbour.user_id("carol"))) == []
        assert harbour.place("mallory") == "lobby"
        assert len(harbour.edits()) == 1
        assert harbour.edits("mallory") == []
    await daemon.line("recording works again")
    await harbour.edit("mallory", {"channel_id": None})
    await harbour.edit("carol", {"mute": True})
    await daemon.health_where(lambda health: health["ready"] and not health["degraded"])
    assert harbour.edits("bob") == []
    visits = await eventually(
        lambda: ended(tables, harbour.user_id("mallory")), "that the rows have come"
    )
    assert visits == ["voxguard"]
    assert await daemon.stop() == 0
    rows = await tables.actions()
    assert len({row["id"] for row in rows}) == len(rows) == 5
    bobs = [row["outcome"] for row in rows if row["user_id"] == harbour.user_id("bob")]
    assert set(bobs) <= {"superseded", "applied", "pending"}


async def ended(tables: Tables, user_id: int) -> list[str]:
    """How a member's visits ended, once they all have."""
    visits = await tables.visits(user_id)
    return [visit["end_reason"] for visit in visits if visit["left_at"] is not None]


async def test_more_than_memory_may_hold_is_not_taken_in(
    start: Start, harbour: Harbour, tables: Tables, state_dir: Path
) -> None:
    """The daemon lets go of its guilds, and has Discord show them anew once all is recorded."""
    daemon = await (await start()).with_database()
    with full(state_dir):
        harbour.join("alice", "lobby")
        await sees_in_voice(daemon, 1)
        for number in range(MOST_WAITING):
            harbour.sandbox.move("harbour", "alice", ("music", "lobby")[number % 2])
            # The sandbox writes to its connections in turn.
            await asyncio.sleep(0)
        await daemon.line("too much waits to be recorded, and nothing more is taken in until it is")
        harbour.join("bob", "music")
    await daemon.line("everything is recorded, and Discord is asked to show its guilds anew")
    await harbour.edit("bob", {"mute": True})
    await daemon.health_where(lambda health: health["ready"] and not health["degraded"])
    harbour.leave("alice")
    harbour.leave("bob")

    async def all_over() -> bool:
        visits = await tables.visits()
        return bool(visits) and all(visit["left_at"] is not None for visit in visits)

    await eventually(all_over, "that every visit has ended in the tables")
    assert await daemon.stop() == 0
    visits = await tables.visits(harbour.user_id("alice"))
    assert len({visit["id"] for visit in visits}) == len(visits) > MOST_WAITING / 10
    for earlier, later in pairwise(visits):
        assert earlier["left_at"] <= later["joined_at"]
    reasons = Counter(visit["end_reason"] for visit in visits)
    assert reasons["lost"] == 1, "when it let go"
