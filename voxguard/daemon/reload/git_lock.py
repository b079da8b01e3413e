"""Whether git is at work in the repository that a policy directory belongs to."""

import os
import time
from pathlib import Path
from typing import Final

LONGEST_SECONDS: Final = 60.0
"""A lock that is older was left behind by a git that died."""

_POINTER: Final = "gitdir:"
_POINTER_BYTES: Final = 8192


def index_lock(directory: Path) -> Path | None:
    """Where git would put its index lock; None outside of a repository.

    Source: gitrepository-layout(5); in a worktree or submodule `.git` is a file.
    """
    real = Path(os.path.realpath(directory))
    for above in (real, *real.parents):
        git = above / ".git"
        # Unlike those of pathlib these are False, too, of what may not be seen.
        if os.path.isdir(git):  # noqa: PTH112
            return git / "index.lock"
        if os.path.isfile(git):  # noqa: PTH113
            return _pointed(git)
    return None


def is_locked(directory: Path) -> bool:
    """Whether git holds the lock and has not held it for longer than is believable."""
    lock = index_lock(directory)
    if lock is None:
        return False
    try:
        changed_at = lock.lstat().st_mtime
    except OSError:
        return False
    return time.time() - changed_at < LONGEST_SECONDS


def _pointed(git: Path) -> Path | None:
    try:
        with git.open("rb") as file:
            text = os.fsdecode(file.read(_POINTER_BYTES))
    except OSError:
        return None
    if not text.startswith(_POINTER):
        return None
    return git.parent / text.removeprefix(_POINTER).strip() / "index.lock"
