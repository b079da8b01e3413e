"""What every check is: an id, a name, a level, its documentation, and a function."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field

from voxguard.lint.edits import Edit
from voxguard.lint.findings import problem_at
from voxguard.lint.subject import Subject
from voxguard.model.problems import Level, Mark, Problem
from voxguard.policy.checks import Check
from voxguard.policy.namespace import PolicyFile
from voxguard.policy.places import Place

Fix = Callable[[PolicyFile, str, Collection[Mark]], Iterator[Edit]]
"""From a file, its text and where a check has fired in it to the edits that settle that."""


def _loads(subject: Subject) -> bool:
    return bool(subject.guilds)


@dataclass(frozen=True, slots=True)
class LintCheck:
    """A check of policy sets.

    `about` is the docstring of its module: what it finds, why that matters, and an
    example of each. `find` yields what it finds. `fix` gives the edits that settle
    findings, for checks of which no more than that has to be known. `applies` says whether
    the check can be made: most need a set that loads.
    """

    id: str
    name: str
    level: Level
    about: str = field(repr=False)
    find: Callable[[Subject], Iterator[Problem]] = field(repr=False)
    fix: Fix | None = field(default=None, repr=False)
    applies: Callable[[Subject], bool] = field(default=_loads, repr=False)

    @property
    def check(self) -> Check:
        """Its id and name."""
        return Check(self.id, self.name)


def warning(check: Check, place: Place, message: str, hint: str | None = None) -> Problem:
    """A finding that does not fail a run by itself."""
    return problem_at(check, Level.WARNING, place, message, hint)


def error(check: Check, place: Place, message: str, hint: str | None = None) -> Problem:
    """A finding that fails a run."""
    return problem_at(check, Level.ERROR, place, message, hint)
