"""What came of policy tests."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from voxguard.model.decisions import Decision
from voxguard.model.problems import Mark
from voxguard.policy.cases.case import Case, Expectation
from voxguard.policy.resolved import Rule


class Kind(StrEnum):
    """The ways in which a test fails."""

    MISSING = "missing"
    UNEXPECTED = "unexpected"
    IMPOSSIBLE = "impossible"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """What was not as it must be for one member at one instant, `at` after the start.

    `mark` is the step's, or that of the last step before. `expected` is all that was expected,
    None where no step expects anything of the member then; `happened` is all that was decided.
    `why` are sentences.
    """

    kind: Kind
    mark: Mark
    at: timedelta
    instant: datetime
    member: str
    expected: tuple[Expectation, ...] | None
    happened: tuple[Decision, ...]
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One test that has been played; with `stopped` it was given up before its end."""

    case: Case
    failures: tuple[Failure, ...]
    stopped: bool
    seconds: float

    @property
    def passed(self) -> bool:
        """Whether everything was as expected."""
        return not self.failures


@dataclass(frozen=True, slots=True)
class Coverage:
    """The rules of a set that are not off, and those of them that no test has made hold."""

    rules: int
    never: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """All tests that were played, in the order of the files."""

    revision: str
    results: tuple[CaseResult, ...]

    @property
    def failed(self) -> int:
        """How many tests failed."""
        return sum(not result.passed for result in self.results)
