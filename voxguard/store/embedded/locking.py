"""One at a time: whoever starts or makes the server holds the state directory's lock for that."""

import asyncio
import fcntl
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from voxguard.errors import LockedError

_POLL_SECONDS: Final = 0.02


@asynccontextmanager
async def file_lock(path: Path, timeout_seconds: float) -> AsyncIterator[None]:
    """Hold an exclusive lock that the kernel frees when this process ends, however it does.

    Raises:
        LockedError: Another process held it all the time.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        deadline = time.monotonic() + timeout_seconds
        while not _try_lock(descriptor):
            if time.monotonic() > deadline:
                raise LockedError(
                    f"another process has held {path} for {timeout_seconds:.0f} s",
                    hint="does another voxguard hang while it starts its database?",
                )
            await asyncio.sleep(_POLL_SECONDS)
        yield
    finally:
        os.close(descriptor)


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
