"""Where a new repository goes: what is in its way, and writing all of it or nothing."""

import os
import shutil
from collections.abc import Iterable, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path, PurePosixPath
from secrets import token_hex


def in_the_way(directory: Path, names: Iterable[str], whole: str) -> list[str]:
    """What is there already of what is to be written, by its path in the directory.

    `whole` is a directory in it that must be new or empty, since what else is in there would
    belong to what is made. A link where a directory is to be is in the way as well: behind it
    is some other place.
    """
    found: dict[str, None] = {}
    if (directory / whole).is_dir() and any((directory / whole).iterdir()):
        found[whole] = None
    for name in names:
        path = PurePosixPath(name)
        if whole in found and path.is_relative_to(whole):
            continue
        for parent in reversed(path.parents[:-1]):
            place = directory / parent
            if place.is_symlink() or (place.exists() and not place.is_dir()):
                found[str(parent)] = None
                break
        else:
            if os.path.lexists(directory / path):
                found[name] = None
    return list(found)


def create(directory: Path, files: Mapping[str, bytes]) -> None:
    """Write every file, or leave everything as it was; what is there is never written over.

    A directory that does not exist is built beside its place and comes into being as a whole.

    Raises:
        OSError: Something could not be written. What was made until then is gone again.

    """
    with ExitStack() as undo:
        if directory.is_dir():
            _fill(directory, files, undo)
        else:
            _make(directory.parent, undo)
            staged = directory.parent / f".voxguard-init-{token_hex(8)}"
            staged.mkdir()
            undo.callback(shutil.rmtree, staged, ignore_errors=True)
            _fill(staged, files, undo)
            staged.rename(directory)
        # All is well: nothing is to be undone.
        undo.pop_all()


def _fill(root: Path, files: Mapping[str, bytes], undo: ExitStack) -> None:
    for name, data in files.items():
        path = root / name
        _make(path.parent, undo)
        with path.open("xb") as file:
            undo.callback(path.unlink, missing_ok=True)
            file.write(data)


def _make(directory: Path, undo: ExitStack) -> None:
    """Make a directory and those above it, as far as they are not there."""
    if directory.is_dir():
        return
    _make(directory.parent, undo)
    directory.mkdir()
    undo.callback(_remove, directory)


def _remove(directory: Path) -> None:
    # Somebody else may have put something into it.
    with suppress(OSError):
        directory.rmdir()
