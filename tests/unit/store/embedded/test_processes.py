import asyncio
import os
import subprocess
import sys
from pathlib import Path
from signal import SIGKILL, SIGTERM

import pytest

from tests.unit.store.embedded.helpers import process_with
from voxguard.errors import UnreachableError
from voxguard.store.embedded import processes
from voxguard.store.embedded.account import Account
from voxguard.store.embedded.pidfile import PidFile

READY = "4711\n/data\n1795414112\n5432\n/run/vox\n\n  2188077         4\nready   \n"


async def test_one_that_neither_starts_nor_ends_is_reported(tmp_path: Path) -> None:
    """Waiting for another process's server has a limit."""
    with process_with("marker") as pid:
        starting = READY.replace("ready   ", "starting").replace("4711", str(pid))
        (tmp_path / "postmaster.pid").write_text(starting)
        with pytest.raises(UnreachableError, match="neither ready nor gone"):
            await processes.find_running(tmp_path, "marker", 0.02)


async def test_a_dead_servers_file_is_left_to_the_next_server(tmp_path: Path) -> None:
    """PostgreSQL itself judges a file that names nobody."""
    with subprocess.Popen([sys.executable, "-c", ""]) as child:  # noqa: ASYNC220 - nothing else runs in this loop
        pass
    text = READY.replace("4711", str(child.pid))
    (tmp_path / "postmaster.pid").write_text(text)
    assert await processes.find_running(tmp_path, "marker", 1) is None
    assert (tmp_path / "postmaster.pid").read_text() == text


async def test_a_living_strangers_file_is_disowned(tmp_path: Path) -> None:
    """Whether it belongs to our user or to another."""
    for pid in (1, os.getppid()):
        text = READY.replace("4711", str(pid))
        (tmp_path / "postmaster.pid").write_text(text)
        assert await processes.find_running(tmp_path, "marker", 1) is None
        found = PidFile.read(tmp_path)
        assert found is not None
        assert found.pid == os.getpid()


async def test_a_child_that_takes_too_long_is_killed() -> None:
    """Also when whoever waits is cancelled."""
    child = Account().popen(["/bin/sleep", "100"], death_signal=SIGTERM)
    await processes.exits_or_dies(child, 0.02)
    assert child.returncode == -SIGKILL
    child = Account().popen(["/bin/sleep", "100"])
    waiting = asyncio.create_task(processes.exits_or_dies(child, 100))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert child.returncode == -SIGKILL
