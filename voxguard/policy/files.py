"""The files of a policy set: which they are, and one reading of all of them.

Nothing is parsed here. Every list file in the tree is read, named by a list or not, so
that a reading can be compared with another by its digest alone.
"""

import os
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from voxguard.model.problems import Level, Mark, Problem
from voxguard.policy import checks
from voxguard.policy.checks import Check

MAX_ENTRIES = 50_000
"""How many files and directories a set may have."""
MAX_POLICY_BYTES = 64 * 2**20
MAX_LIST_BYTES = 256 * 2**20
MAX_TOTAL_BYTES = 512 * 2**20

POLICY_SUFFIXES = (".yaml", ".yml")
TEST_SUFFIXES = (".test.yaml", ".test.yml")
LIST_SUFFIXES = (".csv", ".txt")


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a file could not be read."""

    check: Check
    message: str


@dataclass(frozen=True, slots=True)
class Sources:
    """One reading of a policy set; names are relative to it, with `/`, and sorted.

    `faults` are files that could not be read; those of list files matter only when a
    list names them. `problems` are of the set as a whole. `digest` is a SHA-256 over
    all names and contents: two equal ones with nothing in between are one consistent
    state of the tree.
    """

    policies: Mapping[str, bytes]
    lists: Mapping[str, bytes] = field(default_factory=dict)
    faults: Mapping[str, Fault] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    @property
    def digest(self) -> str:
        """The hash of everything that was read."""
        digest = sha256()
        for files in (self.policies, self.lists):
            for name, data in files.items():
                digest.update(f"{name}\0{len(data)}\0".encode())
                digest.update(data)
        for name, fault in self.faults.items():
            digest.update(f"{name}\0{fault.message}\0".encode())
        for problem in self.problems:
            # The path as it was given stands in some of them, UTF-8 or not.
            digest.update(f"{problem.message}\0".encode(errors="surrogateescape"))
        return digest.hexdigest()


class _Reading:
    """A reading in progress."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.policies: dict[str, bytes] = {}
        self.lists: dict[str, bytes] = {}
        self.faults: dict[str, Fault] = {}
        self.problems: list[Problem] = []
        self.total = 0

    def read(self, name: str, path: str) -> None:
        """Read one file into its place, or note why it cannot be."""
        is_list = name.lower().endswith(LIST_SUFFIXES)
        limit = MAX_LIST_BYTES if is_list else MAX_POLICY_BYTES
        try:
            data = self._contents(path, limit)
        except OSError as error:
            self.faults[name] = Fault(checks.UNREADABLE, f"{_reason(error)}.")
            return
        if isinstance(data, Fault):
            self.faults[name] = data
        else:
            (self.lists if is_list else self.policies)[name] = data

    def _contents(self, path: str, limit: int) -> bytes | Fault:
        real = os.path.realpath(path)
        if os.path.commonpath((real, self.root)) != self.root:
            return Fault(checks.UNREADABLE, "The link leads outside the policy set.")
        status = Path(real).stat()
        if not stat.S_ISREG(status.st_mode):
            return Fault(checks.UNREADABLE, "This is not a regular file.")
        if status.st_size > limit:
            return Fault(
                checks.TOO_LARGE,
                f"The file has {status.st_size / 2**20:,.0f} MiB; {limit // 2**20} are allowed.",
            )
        self.total += status.st_size
        if self.total > MAX_TOTAL_BYTES:
            return Fault(
                checks.TOO_LARGE, f"The files together are over {MAX_TOTAL_BYTES // 2**20} MiB."
            )
        with Path(real).open("rb") as file:
            return file.read(limit)


def read_sources(path: Path | str) -> Sources:
    """Read every file of the policy set in a directory, which may be a symbolic link.

    Raises nothing for what is wrong with it: that is in `problems` and `faults`.
    """
    root = os.path.realpath(path)
    reading = _Reading(root)
    if not Path(root).is_dir():
        exists = "is not a directory" if Path(root).exists() else "does not exist"
        return Sources({}, problems=(_no_set(f"The policy directory {path} {exists}."),))
    for name, full in sorted(_walk(root, reading.problems, _belongs)):
        reading.read(name, full)
    faulty = any(name.lower().endswith(POLICY_SUFFIXES) for name in reading.faults)
    if not reading.policies and not faulty and not reading.problems:
        reading.problems.append(_no_set(f"There is no policy file (*.yaml) in {path}."))
    return Sources(reading.policies, reading.lists, reading.faults, tuple(reading.problems))


def read_tests(path: Path | str) -> Sources:
    """Read the policy tests below a directory; what keeps one from being read is in `faults`."""
    root = os.path.realpath(path)
    reading = _Reading(root)
    for name, full in sorted(_walk(root, reading.problems, is_test)):
        reading.read(name, full)
    return Sources(reading.policies, faults=reading.faults, problems=tuple(reading.problems))


def is_test(name: str) -> bool:
    """Whether a file of this name holds policy tests."""
    return name.lower().endswith(TEST_SUFFIXES)


def _walk(
    root: str, problems: list[Problem], belongs: Callable[[str], bool]
) -> Iterator[tuple[str, str]]:
    """The name and path of every file that belongs to what is read."""
    pending = [("", root)]
    seen = 0
    while pending:
        prefix, directory = pending.pop()
        try:
            entries = list(os.scandir(directory))
        except OSError as error:
            problems.append(_problem(checks.UNREADABLE, prefix or ".", f"{_reason(error)}."))
            continue
        for entry in entries:
            seen += 1
            if entry.name.startswith(".") or seen > MAX_ENTRIES:
                continue
            # A name that is not UTF-8 must not break whatever prints it.
            name = prefix + os.fsencode(entry.name).decode(errors="replace")
            if entry.is_dir(follow_symlinks=False):
                pending.append((f"{name}/", entry.path))
            elif leads_to_directory(entry):
                problems.append(
                    _problem(checks.UNREADABLE, name, "Links to directories are not followed.")
                )
            elif belongs(name):
                yield name, entry.path
    if seen > MAX_ENTRIES:
        problems.append(
            _problem(checks.TOO_LARGE, ".", f"There are more than {MAX_ENTRIES:,} files here.")
        )


def leads_to_directory(entry: "os.DirEntry[str]") -> bool:
    """Whether an entry is a link to a directory; one that leads round in a circle is not."""
    try:
        return entry.is_dir()
    except OSError:
        return False


def _belongs(name: str) -> bool:
    lower = name.lower()
    return not is_test(name) and lower.endswith((*POLICY_SUFFIXES, *LIST_SUFFIXES))


def _reason(error: OSError) -> str:
    return f"Reading failed: {error.strerror or error}"


def _problem(check: Check, file: str, message: str, hint: str | None = None) -> Problem:
    return Problem(check.id, check.name, Level.ERROR, Mark(file), message, hint=hint)


def _no_set(message: str) -> Problem:
    hint = "Give another path, or set VOXGUARD_POLICIES; `voxguard init` makes a set to begin with."
    return _problem(checks.NO_SET, ".", message, hint)
