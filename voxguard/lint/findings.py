"""What collects the findings of a lint run: each once, and of many not more than anybody reads."""

from collections import Counter

from voxguard.model.problems import Level, Mark, Problem
from voxguard.policy import checks
from voxguard.policy.places import Place
from voxguard.policy.report import MAX_IN_FILE, MAX_IN_SET


class Findings:
    """The findings of all checks. Those over the limits of a report are counted."""

    def __init__(self) -> None:
        self._problems: dict[Problem, None] = {}
        self._in_file: Counter[str] = Counter()
        self._left_out: dict[str, tuple[int, Level]] = {}

    def add(self, problem: Problem) -> None:
        """Note a finding; a shared file's are found for each guild anew and kept once."""
        if problem in self._problems:
            return
        file = problem.mark.file
        if self._in_file[file] >= MAX_IN_FILE or len(self._problems) >= MAX_IN_SET:
            count, level = self._left_out.get(file, (0, Level.WARNING))
            worse = Level.ERROR if Level.ERROR in (level, problem.level) else Level.WARNING
            self._left_out[file] = count + 1, worse
            return
        self._problems[problem] = None
        self._in_file[file] += 1

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All of them, and for each file with more how many more."""
        check = checks.TOO_LARGE
        left_out = (
            Problem(check.id, check.name, level, Mark(file), f"{count:,} more here, not shown.")
            for file, (count, level) in self._left_out.items()
        )
        return (*self._problems, *left_out)


def problem_at(
    check: checks.Check, level: Level, place: Place, message: str, hint: str | None = None
) -> Problem:
    """A finding at a place of a file."""
    return Problem(check.id, check.name, level, place.mark, message, place.pointer, hint)
