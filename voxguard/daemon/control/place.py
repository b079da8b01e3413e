"""Where the control socket is, and how to get there though a socket's path must be short."""

import os
import socket
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

FILE_NAME: Final = "control.sock"
MODE: Final = 0o600

# unix(7): sun_path holds 108 bytes with the closing zero.
_LONGEST_PATH: Final = 107


@contextmanager
def reachable(state_dir: Path) -> Iterator[str]:
    """A path of the socket that is short enough, for as long as the context lasts.

    A directory whose path is too long is reached through a descriptor of it.

    Raises:
        OSError: The directory is not there, or may not be entered.
    """
    path = os.fsencode(state_dir / FILE_NAME)
    if len(path) <= _LONGEST_PATH:
        yield os.fsdecode(path)
        return
    descriptor = os.open(state_dir, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{descriptor}/{FILE_NAME}"
    finally:
        os.close(descriptor)


@contextmanager
def listening(state_dir: Path) -> Iterator[socket.socket]:
    """The bound socket, for its owner alone; it is removed at the end.

    Whoever calls this holds the state directory's lock: a socket that is found there belongs
    to a daemon that has died.

    Raises:
        OSError: There can be no socket, or something else has its name.
    """
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
    try:
        # Linux gives the file the mode of the socket: there is no moment at which others may.
        os.fchmod(listener.fileno(), MODE)
        with reachable(state_dir) as path:
            _remove(Path(path))
            listener.bind(path)
            bound = Path(path).lstat()
        try:
            if stat.S_IMODE(bound.st_mode) & ~MODE:
                raise PermissionError(f"{state_dir / FILE_NAME} is open to others")
            listener.listen()
            listener.setblocking(False)  # noqa: FBT003 - the standard library asks for it so
            yield listener
        finally:
            with reachable(state_dir) as path:
                _remove(Path(path), bound)
    finally:
        listener.close()


def _remove(path: Path, known: os.stat_result | None = None) -> None:
    """Remove a socket; with `known` only the one that it describes."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return
    if known is not None and (found.st_dev, found.st_ino) != (known.st_dev, known.st_ino):
        return
    if not stat.S_ISSOCK(found.st_mode):
        raise FileExistsError(f"{FILE_NAME} in the state directory is no socket")
    path.unlink()
