"""What tests of the embedded server have in common."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg

from voxguard.store.embedded.binaries import choose_binaries

ROOT = os.geteuid() == 0


async def fetch(dsn: str, query: str) -> object:
    """One value from a database."""
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


async def until(condition: Callable[[], bool]) -> None:
    """Wait for something that happens soon."""
    async with asyncio.timeout(30):
        while not condition():  # noqa: ASYNC110 - what is looked at sends no signal
            await asyncio.sleep(0.01)


def is_gone(pid: int) -> bool:
    """Whether no process has this number, but for one that waits to be reaped."""
    try:
        return "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return True


def data_dir(state_dir: Path) -> Path:
    """Where the server's data lie."""
    return state_dir / f"pg{choose_binaries(state_dir).major}"


@contextmanager
def process_with(argument: str) -> Iterator[int]:
    """A process that was started with an argument, and is far enough for others to see it."""
    command = [sys.executable, "-c", "print(flush=True); input()", argument]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdout.readline()
        try:
            yield child.pid
        finally:
            child.stdin.write(b"\n")
            child.stdin.flush()
