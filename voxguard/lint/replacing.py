"""New contents for files that somebody else may be reading or writing at the same time."""

import os
import stat
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from voxguard.errors import LockedError, UsageError


@dataclass(frozen=True, slots=True)
class Replacement:
    """What a file is to hold in place of what it has been read as."""

    path: Path
    before: bytes
    after: bytes


def replace_files(replacements: Sequence[Replacement]) -> None:
    """Give each file its new contents: whoever reads it sees the old or the new, and no mixture.

    All are written beside the old ones first, so that what can go wrong nearly always does so
    before the first of them has changed. Modes and owners stay; of a symbolic link the file
    that it leads to is replaced.

    Raises:
        LockedError: A file is not what it was any more; none has been changed.
        UsageError: A file cannot be written; the message says how many were.
    """
    done = 0
    with ExitStack() as stack:
        ready = []
        for each in _distinct(replacements):
            with _told(each, done):
                ready.append((each, *_written(each, stack)))
        for each, real, temporary in ready:
            with _told(each, done):
                _expect(each, real)
                temporary.replace(real)
            done += 1


@contextmanager
def _told(each: Replacement, done: int) -> Iterator[None]:
    """What goes wrong with a file, in words, with how many were changed before."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or type(error).__name__
        told = f"files changed before it: {done}" if done else "no file was changed"
        raise UsageError(f"{each.path} cannot be written: {reason}; {told}") from error


def _distinct(replacements: Sequence[Replacement]) -> list[Replacement]:
    """Each file once, by whatever names it is in the set."""
    return list({_real(each): each for each in replacements}.values())


def _real(each: Replacement) -> Path:
    return Path(os.path.realpath(each.path))


def _written(each: Replacement, stack: ExitStack) -> tuple[Path, Path]:
    """Where the file really is, and a file beside it that has the new contents."""
    real = _real(each)
    status = _expect(each, real)
    if not os.access(real, os.W_OK):
        raise UsageError(f"{each.path} is not writable; no file was changed")
    # A name with a dot in front belongs to no policy set.
    number, name = tempfile.mkstemp(prefix=".voxguard-", suffix=".tmp", dir=real.parent)
    temporary = Path(name)
    stack.callback(temporary.unlink, missing_ok=True)
    with os.fdopen(number, "wb") as file:
        with suppress(PermissionError):
            os.fchown(number, status.st_uid, status.st_gid)
        os.fchmod(number, stat.S_IMODE(status.st_mode))
        file.write(each.after)
        file.flush()
        os.fsync(number)
    return real, temporary


def _expect(each: Replacement, real: Path) -> os.stat_result:
    """What the system says of a file, which must be as it was read."""
    try:
        with real.open("rb") as file:
            status = os.fstat(file.fileno())
            if file.read(len(each.before) + 1) == each.before:
                return status
    except FileNotFoundError:
        raise LockedError(f"{each.path} is not there any more") from None
    raise LockedError(
        f"{each.path} has changed since it was read; it was left as it is now",
        hint="run the command again",
    )
