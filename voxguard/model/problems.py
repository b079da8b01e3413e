"""Problems of a policy set, as values: found all at once, reported together."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad a problem is: an error keeps a set from loading or fails a lint."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a file of a policy set; lines and columns count from 1."""

    file: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        """The place as `file:line:column`, as far as it is known."""
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part)


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding: which check, where (mark and JSON pointer), what, and what to do.

    `check` is the stable id (`VG102`), `name` its readable name (`dangling-reference`).
    """

    check: str
    name: str
    level: Level
    mark: Mark
    message: str
    pointer: str = ""
    hint: str | None = None


def problem_as_json(problem: Problem) -> dict[str, object]:
    """A problem as JSON values."""
    return {
        "check": problem.check,
        "name": problem.name,
        "level": problem.level.value,
        "file": problem.mark.file,
        "line": problem.mark.line,
        "column": problem.mark.column,
        "pointer": problem.pointer,
        "message": problem.message,
        "hint": problem.hint,
    }
