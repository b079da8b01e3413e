"""Waiting for the server and for other children, without keeping the event loop from its work."""

import asyncio
import os
import subprocess
import time
from pathlib import Path
from typing import Final

from voxguard.errors import UnreachableError
from voxguard.store.embedded.pidfile import PidFile, disown, is_our_server

# A child's end could be waited for in a thread of its own, but that could not be cancelled.
_POLL_SECONDS: Final = 0.005


async def exits(process: "subprocess.Popen[bytes]", seconds: float) -> bool:
    """Whether a child ends by itself in this time."""
    deadline = time.monotonic() + seconds
    while process.poll() is None:
        if time.monotonic() > deadline:
            return False
        await asyncio.sleep(_POLL_SECONDS)
    return True


async def exits_or_dies(process: "subprocess.Popen[bytes]", seconds: float) -> None:
    """Wait for a child, and kill it when that takes too long or is cancelled."""
    try:
        await exits(process, seconds)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


async def wait_until_ready(
    process: "subprocess.Popen[bytes]", data_dir: Path, seconds: float
) -> None:
    """Wait until a server takes connections or has ended.

    Raises:
        UnreachableError: Neither happens in time.
    """
    deadline = time.monotonic() + seconds
    while process.poll() is None:
        found = PidFile.read(data_dir)
        if found is not None and found.pid == process.pid and found.is_ready:
            return
        if time.monotonic() > deadline:
            raise UnreachableError(f"the database server in {data_dir} does not get ready")
        await asyncio.sleep(_POLL_SECONDS)


async def find_running(data_dir: Path, marker: str, seconds: float) -> Path | None:
    """The socket directory of a server that runs on this data, None when there is none.

    One that is just starting or stopping is waited for. To be called under the lock that
    keeps others from starting one.

    Raises:
        UnreachableError: One neither gets ready nor ends.
    """
    deadline = time.monotonic() + seconds
    while (found := PidFile.read(data_dir)) is not None:
        if not is_our_server(found.pid, marker):
            if _is_alive(found.pid):
                disown(data_dir)
            return None
        if found.is_ready:
            return Path(found.socket_dir)
        if time.monotonic() > deadline:
            raise UnreachableError(
                f"the database server {found.pid} in {data_dir} is neither ready nor gone"
            )
        await asyncio.sleep(_POLL_SECONDS)
    return None


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
