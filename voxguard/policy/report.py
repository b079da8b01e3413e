"""What collects the problems of a policy set while it is read."""

from collections import Counter
from dataclasses import dataclass

from voxguard.model.problems import Level, Mark, Problem
from voxguard.policy import checks
from voxguard.policy.checks import Check
from voxguard.policy.places import Place

MAX_IN_FILE = 500
MAX_IN_SET = 5_000


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that is referred to and is not there.

    `kind` is channel, role, list, schedule or file. `guild` is the scope that was looked in,
    as messages call it; files are of no scope. `mark` and `pointer` say where it is named.
    """

    kind: str
    name: str
    guild: str | None
    mark: Mark
    pointer: str


class Report:
    """Every problem once, although a shared file is read for each guild anew.

    Of a file with more than `MAX_IN_FILE` problems, and of a set with more than
    `MAX_IN_SET`, the rest is counted: nobody reads a million, and no input may make them.
    """

    def __init__(self) -> None:
        self.missing: list[Missing] = []
        self._problems: dict[Problem, None] = {}
        self._left_out: Counter[str] = Counter()
        self._in_file: Counter[str] = Counter()

    def error(
        self, check: Check, place: Place | Mark, message: str, hint: str | None = None
    ) -> None:
        """Note something that keeps the set from loading."""
        self.add(check, Level.ERROR, place, message, hint)

    def note_missing(self, kind: str, name: str, guild: str | None, place: Place) -> None:
        """Note what a problem that is reported as well is about."""
        if not self.is_full(place.file):
            self.missing.append(Missing(kind, name, guild, place.mark, place.pointer))

    def warning(
        self, check: Check, place: Place | Mark, message: str, hint: str | None = None
    ) -> None:
        """Note something that is surely not meant but loads."""
        self.add(check, Level.WARNING, place, message, hint)

    def add(
        self, check: Check, level: Level, place: Place | Mark, message: str, hint: str | None
    ) -> None:
        """Note a problem of any level."""
        if self.is_full(place.file):
            self.leave_out(place.file, 1)
            return
        mark, pointer = (place, "") if isinstance(place, Mark) else (place.mark, place.pointer)
        problem = Problem(check.id, check.name, level, mark, message, pointer, hint)
        if problem not in self._problems:
            self._problems[problem] = None
            self._in_file[mark.file] += 1

    def is_full(self, file: str) -> bool:
        """Whether further problems of a file are only counted; hints are in vain then."""
        return self._in_file[file] >= MAX_IN_FILE or len(self._problems) >= MAX_IN_SET

    def leave_out(self, file: str, count: int) -> None:
        """Count further problems of a file, without saying what they are."""
        if count:
            self._left_out[file] += count

    @property
    def failed(self) -> bool:
        """Whether anything keeps the set from loading."""
        return bool(self._left_out) or any(
            problem.level is Level.ERROR for problem in self._problems
        )

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All problems, by file and position."""
        left_out = [
            Problem(
                checks.TOO_LARGE.id,
                checks.TOO_LARGE.name,
                Level.ERROR,
                Mark(file),
                f"{count:,} more in this file, not shown.",
            )
            for file, count in self._left_out.items()
        ]
        return tuple(
            sorted(
                [*self._problems, *left_out],
                key=lambda problem: (
                    problem.mark.file,
                    problem.mark.line or 0,
                    problem.mark.column or 0,
                    problem.check,
                    problem.message,
                ),
            )
        )
