"""One daemon a state directory."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from voxguard.errors import LockedError, UsageError

FILE_NAME = "daemon.lock"


@contextmanager
def hold_state_directory(state_dir: Path) -> Iterator[None]:
    """Keep the state directory to ourselves; the kernel lets go however the process ends.

    Raises:
        LockedError: Another daemon holds it.
        UsageError: It cannot be created or written.

    """
    try:
        state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(state_dir / FILE_NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise UsageError(
            f"the state directory {state_dir} cannot be used: {error.strerror}",
            hint="make it writable for this user, or set VOXGUARD_STATE_DIR to another",
        ) from None
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise LockedError(
                f"another daemon holds the state directory {state_dir}",
                hint="stop that one first, or give this one its own VOXGUARD_STATE_DIR",
            ) from None
        yield
    finally:
        os.close(descriptor)
