"""Findings that can be settled without asking anybody, settled in the files themselves."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from voxguard.errors import UnsafeError
from voxguard.lint.checks import CHECKS
from voxguard.lint.edits import Edit, edited, lines_of
from voxguard.lint.replacing import Replacement, replace_files
from voxguard.lint.report import LintReport
from voxguard.model.problems import Mark
from voxguard.policy.checks import Check
from voxguard.policy.files import Sources

_BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class Fixed:
    """A file in which a check's findings are settled: how many, and in which lines."""

    file: str
    check: Check
    count: int
    lines: tuple[int, ...]


def fix(
    report: LintReport, root: Path, again: Callable[[Sources], LintReport]
) -> tuple[LintReport, tuple[Fixed, ...]]:
    """Change the files of a set below its directory; the report after that, and what was done.

    `again` reports on the changed sources. Nothing is written unless these load with the
    same revision.

    Raises:
        LockedError: A file is not what it was when it was read.
        UnsafeError: The changed set would mean something else.
        UsageError: A file cannot be written.
    """
    edits: dict[str, list[Edit]] = defaultdict(list)
    done = []
    for check in CHECKS:
        if check.fix is None:
            continue
        for file, marks in _marks(report, check.id):
            text = _text(report.sources.policies[file])[1]
            some = tuple(check.fix(report.files[file], text, marks))
            if some:
                edits[file] += some
                done.append(Fixed(file, check.check, len(some), lines_of(text, some)))
    if not done:
        return report, ()
    before = report.sources.policies
    changed = {file: _changed(before[file], some) for file, some in edits.items()}
    after = again(replace(report.sources, policies={**before, **changed}))
    if after.revision != report.revision:
        raise UnsafeError(f"a fix of {', '.join(changed)} would change what the set means")
    replace_files([Replacement(root / file, before[file], data) for file, data in changed.items()])
    return after, tuple(done)


def _text(data: bytes) -> tuple[str, str]:
    """The byte order mark of a file, if it has one, and its text."""
    whole = data.decode()
    text = whole.removeprefix(_BOM)
    return whole[: len(whole) - len(text)], text


def _changed(data: bytes, edits: list[Edit]) -> bytes:
    bom, text = _text(data)
    return f"{bom}{edited(text, edits)}".encode()


def _marks(report: LintReport, check: str) -> Iterator[tuple[str, frozenset[Mark]]]:
    """The files in which a check has fired, with the places."""
    found: dict[str, set[Mark]] = defaultdict(set)
    for problem in report.found:
        if problem.check == check:
            found[problem.mark.file].add(problem.mark)
    return ((file, frozenset(marks)) for file, marks in found.items())
