"""Where the server's socket lies: its path must be short, private and open to the server."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from voxguard.errors import UnreachableError
from voxguard.store.embedded.account import Account

# unix(7): sun_path holds 108 bytes with the closing zero.
_LONGEST_PATH: Final = 107
_FILE_NAMES: Final = (".s.PGSQL.5432", ".s.PGSQL.5432.lock")
_RUN: Final = Path("/run")


def cluster_name(data_dir: Path) -> str:
    """A short name for one data directory, the same for everybody."""
    return f"voxguard-{hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]}"


def make_socket_directory(data_dir: Path, account: Account) -> Path:
    """A directory of mode 0700 that belongs to the server's account.

    Raises:
        UnreachableError: There is no place for one.
    """
    for path in _places(data_dir, account):
        if _fits(path) and _make(path, account):
            return path
    raise UnreachableError(
        "no directory is short and private enough for PostgreSQL's socket",
        hint="set VOXGUARD_STATE_DIR to a shorter path, or set DATABASE_URL",
    )


def clear_socket_directory(path: Path) -> None:
    """Remove what a server that was killed has left: no other one ever uses this directory.

    PostgreSQL would do it, but not when the old server's number is somebody else's by now.
    """
    for name in _FILE_NAMES:
        (path / name).unlink(missing_ok=True)


def remove_socket_directory(path: Path) -> None:
    """Leave no empty directory behind; what is in use stays."""
    try:
        path.rmdir()
    except OSError:
        return


def _places(data_dir: Path, account: Account) -> Iterator[Path]:
    name = cluster_name(data_dir)
    if not account.is_other:
        yield data_dir.parent / "run"
        if runtime := os.environ.get("XDG_RUNTIME_DIR"):
            yield Path(runtime) / name
    elif os.access(_RUN, os.W_OK):
        yield _RUN / name
    yield Path(tempfile.gettempdir()) / f"{name}-{os.geteuid()}"
    yield Path("/tmp") / f"{name}-{os.geteuid()}"  # noqa: S108 - its owner and mode are checked


def _fits(path: Path) -> bool:
    text = str(path)
    # A comma separates directories in the server's setting and hosts in an address.
    plain = text.isascii() and text.isprintable() and not set(text) & set(",'\"\\ ")
    return plain and len(f"{text}/{_FILE_NAMES[-1]}") <= _LONGEST_PATH


def _make(path: Path, account: Account) -> bool:
    owner = account.uid if account.is_other else os.geteuid()
    try:
        try:
            path.mkdir(mode=0o700)
            account.give(path)
        except FileExistsError:
            pass
        found = path.lstat()
        # In a directory that all can write to, somebody else may have been first.
        if path.is_symlink() or not path.is_dir() or found.st_uid != owner:
            return False
        path.chmod(0o700)
    except OSError:
        return False
    return True
