"""Policy sets as they were in commits, read through git itself."""

import os
import posixpath
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from voxguard.errors import UsageError
from voxguard.lint.base import Base
from voxguard.policy.files import (
    LIST_SUFFIXES,
    MAX_ENTRIES,
    MAX_POLICY_BYTES,
    MAX_TOTAL_BYTES,
    POLICY_SUFFIXES,
    Sources,
    is_test,
)

SECONDS: Final = 60
"""How long git may take for all that is asked of it."""

_MOST_LISTED: Final = 64 * 2**20
_MOST_SAID: Final = 4096
_MOST_LINKS: Final = 8

# A hook sets these for the repository that it belongs to, by paths from another directory.
_OF_HOOKS: Final = {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR"}
_OUR_OWN: Final = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "LC_ALL": "C",
}


@dataclass(frozen=True, slots=True)
class _Entry:
    """A file or link in a commit: what names its contents, and how many bytes these are."""

    object_id: str
    size: int
    is_link: bool


class _Git:
    """The git command in a directory, with one time limit for all that it does."""

    def __init__(self, directory: Path) -> None:
        program = shutil.which("git")
        if program is None:
            raise UsageError("reading a commit needs git, which is not installed")
        self._command = [program, "-C", os.fspath(directory)]
        self._until = time.monotonic() + SECONDS

    def run(self, *arguments: str, most: int, given: bytes = b"") -> tuple[bytes | None, str]:
        """What it says, None when it fails, and why.

        Raises:
            UsageError: It takes too long, or says more than it may.
        """
        kept = {key: value for key, value in os.environ.items() if key not in _OF_HOOKS}
        with tempfile.TemporaryFile() as input_, tempfile.TemporaryFile() as errors:
            input_.write(given)
            input_.seek(0)
            with subprocess.Popen(  # noqa: S603 - git, with a list of arguments and no shell
                [*self._command, *arguments],
                stdin=input_,
                stdout=subprocess.PIPE,
                stderr=errors,
                env={**kept, **_OUR_OWN},
            ) as process:
                output = self._output(process, most)
            errors.seek(0)
            said = errors.read(_MOST_SAID).decode(errors="replace").partition("\n")[0]
        if time.monotonic() > self._until:
            raise UsageError(f"git took longer than {SECONDS} s")
        if len(output) > most:
            raise UsageError(f"git {arguments[0]} says more than {most / 2**20:,.0f} MiB")
        return (output if process.returncode == 0 else None), said.removeprefix("fatal: ")

    def _output(self, process: "subprocess.Popen[bytes]", most: int) -> bytes:
        timer = threading.Timer(max(0, self._until - time.monotonic()), process.kill)
        timer.start()
        try:
            assert process.stdout is not None  # noqa: S101 - it is a pipe
            output = process.stdout.read(most + 1)
            if len(output) > most:
                process.kill()
            return output
        finally:
            timer.cancel()


def read_base(directory: Path, rev: str) -> Base:
    """The policy set of a directory as it was in a commit; empty where it was not there.

    Raises:
        UsageError: There is no git, no repository round the directory or no such commit, or
            the set was larger than one may be.
    """
    git = _Git(directory)
    prefix, said = git.run("rev-parse", "--show-prefix", most=_MOST_SAID)
    if prefix is None:
        raise UsageError(f"{directory} is in no git repository to compare with: {said}")
    commit = _commit(git, directory, rev)
    listing, said = git.run("ls-tree", "-r", "-z", "-l", commit, most=_MOST_LISTED)
    if listing is None:
        raise UsageError(f"git cannot list {rev}: {said}")
    entries = dict(_entries(listing))
    if len(entries) > MAX_ENTRIES:
        raise UsageError(f"{directory} has more than {MAX_ENTRIES:,} files in {rev}")
    links = {name: entry for name, entry in entries.items() if entry.is_link}
    targets = _contents(git, links.values(), rev)
    found = {
        name: entry
        for name in sorted(entries)
        if name.lower().endswith(POLICY_SUFFIXES)
        and not is_test(name)
        and (entry := _file(name, entries, targets)) is not None
    }
    data = _contents(git, found.values(), rev)
    return Base(
        called=rev,
        commit=commit,
        sources=Sources({name: data[entry.object_id] for name, entry in found.items()}),
        files=frozenset(name for name in entries if name.lower().endswith(LIST_SUFFIXES)),
    )


def _commit(git: _Git, directory: Path, rev: str) -> str:
    # What begins with a hyphen is an option to git and no name of anything.
    if rev and not rev.startswith("-"):
        asked = f"{rev}^{{commit}}"
        found, _ = git.run("rev-parse", "--verify", "--quiet", asked, most=_MOST_SAID)
        if found is not None:
            return found.decode().strip()
    raise UsageError(
        f"there is no commit {rev!r} in the git repository of {directory}",
        hint="name a branch, a tag or a hash; a shallow clone has its newest commits alone",
    )


def _entries(listing: bytes) -> Iterator[tuple[str, _Entry]]:
    """The files and links of a listing that could belong to a set."""
    for line in listing.split(b"\0"):
        about, tab, raw = line.partition(b"\t")
        mode, _, kind_and_rest = about.decode().partition(" ")
        if not tab or not kind_and_rest.startswith("blob "):
            continue
        _, object_id, size = kind_and_rest.split()
        name = raw.decode(errors="replace")
        if not any(part.startswith(".") for part in name.split("/")):
            yield name, _Entry(object_id, int(size), mode == "120000")


def _file(name: str, entries: Mapping[str, _Entry], targets: Mapping[str, bytes]) -> _Entry | None:
    """The file of a name, through links; None where they lead nowhere."""
    for _ in range(_MOST_LINKS):
        entry = entries.get(name)
        if entry is None or not entry.is_link:
            return entry
        target = targets[entry.object_id].decode(errors="replace")
        name = posixpath.normpath(posixpath.join(posixpath.dirname(name), target))
    return None


def _contents(git: _Git, entries: Iterable[_Entry], rev: str) -> dict[str, bytes]:
    """The contents of files by what names them."""
    sizes = {entry.object_id: entry.size for entry in entries}
    if not sizes:
        return {}
    largest, total = max(sizes.values()), sum(sizes.values())
    if largest > MAX_POLICY_BYTES or total > MAX_TOTAL_BYTES:
        raise UsageError(
            f"the policy files of {rev} have {total / 2**20:,.0f} MiB, "
            f"the largest {largest / 2**20:,.0f}; {MAX_TOTAL_BYTES // 2**20} are allowed, "
            f"and {MAX_POLICY_BYTES // 2**20} for one"
        )
    asked = "".join(f"{object_id}\n" for object_id in sizes).encode()
    most = total + 128 * len(sizes)
    output, said = git.run("cat-file", "--batch", most=most, given=asked)
    if output is None:
        raise UsageError(f"git cannot read {rev}: {said}")
    found: dict[str, bytes] = {}
    at = 0
    for object_id, size in sizes.items():
        start = output.find(b"\n", at) + 1
        if output[at:start].split()[1:2] != [b"blob"]:
            raise UsageError(f"git lacks a part of {rev}: {object_id}")
        found[object_id] = output[start : start + size]
        at = start + size + 1
    return found
