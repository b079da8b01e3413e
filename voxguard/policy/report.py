"""What collects the problems of a policy set while it is read."""

from voxguard.model.problems import Level, Mark, Problem
from voxguard.policy.checks import Check
from voxguard.policy.places import Place


class Report:
    """Every problem once, although a shared file is read for each guild anew."""

    def __init__(self) -> None:
        self._problems: dict[Problem, None] = {}

    def error(
        self, check: Check, place: Place | Mark, message: str, hint: str | None = None
    ) -> None:
        """Note something that keeps the set from loading."""
        self.add(check, Level.ERROR, place, message, hint)

    def warning(
        self, check: Check, place: Place | Mark, message: str, hint: str | None = None
    ) -> None:
        """Note something that is surely not meant but loads."""
        self.add(check, Level.WARNING, place, message, hint)

    def add(
        self, check: Check, level: Level, place: Place | Mark, message: str, hint: str | None
    ) -> None:
        """Note a problem of any level."""
        mark, pointer = (place, "") if isinstance(place, Mark) else (place.mark, place.pointer)
        problem = Problem(check.id, check.name, level, mark, message, pointer, hint)
        self._problems[problem] = None

    @property
    def failed(self) -> bool:
        """Whether anything keeps the set from loading."""
        return any(problem.level is Level.ERROR for problem in self._problems)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All problems, by file and position."""
        return tuple(
            sorted(
                self._problems,
                key=lambda problem: (
                    problem.mark.file,
                    problem.mark.line or 0,
                    problem.mark.column or 0,
                    problem.check,
                    problem.message,
                ),
            )
        )
