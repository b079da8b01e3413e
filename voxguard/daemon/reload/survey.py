"""What a policy directory looks like from outside: whether anything may have changed.

Contents are not read. A change that leaves no trace in inode, size and both times does
not happen on a file system that keeps its own change times.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from voxguard.policy.files import (
    LIST_SUFFIXES,
    MAX_ENTRIES,
    POLICY_SUFFIXES,
    TEST_SUFFIXES,
    leads_to_directory,
)

Directory = tuple[str, int, int]
"""A directory's path, device and inode: one that was replaced is another."""


@dataclass(frozen=True, slots=True)
class Survey:
    """One look at a policy set.

    `signature` is equal as long as nothing that a load would read was touched. In
    `directories` the set's files stand; a change of `links` (the path itself and every
    symbolic link on the way to it) makes the path lead elsewhere.
    """

    signature: str
    directories: frozenset[Directory]
    links: frozenset[str]


def survey(path: Path) -> Survey:
    """Look at the policy set in a directory, whether it exists or not."""
    links = frozenset(_links(path.absolute()))
    root = os.path.realpath(path)
    directories: set[Directory] = set()
    entries = sorted(_walk(root, directories))
    signature = sha256(repr(entries).encode(errors="surrogateescape")).hexdigest()
    return Survey(signature, frozenset(directories), links)


def _links(path: Path) -> Iterator[str]:
    """Every name whose replacement changes what a path means."""
    pending = [path]
    seen: set[Path] = set()
    while pending:
        current = pending.pop()
        yield str(current)
        for step in (current, *current.parents):
            if step not in seen and (leads_to := _read_link(step)) is not None:
                seen.add(step)
                yield str(step)
                target = step.parent / leads_to
                pending.append(Path(os.path.normpath(target / current.relative_to(step))))


def _read_link(path: Path) -> Path | None:
    """Where a link leads; None for what is none, cannot be seen or has just gone."""
    try:
        return path.readlink()
    except OSError:
        return None


def _walk(root: str, directories: set[Directory]) -> Iterator[tuple[str, tuple[int, ...]]]:
    pending = [root]
    seen = 0
    while pending:
        directory = pending.pop()
        try:
            status = os.stat(directory)  # noqa: PTH116 - a Path for each costs more than the call
            entries = list(os.scandir(directory))
        except OSError as error:
            yield directory, (error.errno or 0,)
            continue
        directories.add((directory, status.st_dev, status.st_ino))
        for entry in entries:
            seen += 1
            if entry.name.startswith(".") or seen > MAX_ENTRIES:
                continue
            if entry.is_dir(follow_symlinks=False):
                pending.append(entry.path)
            elif _belongs(entry.name) or leads_to_directory(entry):
                yield entry.path, _stamp(entry)


def _belongs(name: str) -> bool:
    lower = name.lower()
    if lower.endswith(TEST_SUFFIXES):
        return False
    return lower.endswith((*POLICY_SUFFIXES, *LIST_SUFFIXES))


def _stamp(entry: os.DirEntry[str]) -> tuple[int, ...]:
    try:
        status = entry.stat()
    except OSError as error:
        return (error.errno or 0,)
    # The change time tells of writes after which somebody has set the other one back.
    return (
        status.st_dev,
        status.st_ino,
        status.st_mode,
        status.st_size,
        status.st_mtime_ns,
        status.st_ctime_ns,
    )
