"""What was looked at, and what was found to be wrong with it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from voxguard.errors import PolicyError, UnreachableError, UsageError


class State(StrEnum):
    """How a check went; a warning leaves the daemon able to do its work."""

    FINE = "fine"
    WARNING = "warning"
    ERROR = "error"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's: which check, how it went, of what, and what to do about it."""

    check: str
    state: State
    subject: str
    message: str
    hint: str | None = None


@dataclass(slots=True)
class Examination:
    """All findings, in the order in which things were looked at.

    The flags tell scripts what is wrong beyond the findings themselves.
    """

    findings: list[Finding] = field(default_factory=list)
    policies_fail: bool = False
    setting_missing: bool = False
    out_of_reach: bool = False

    def add(self, findings: Iterable[Finding]) -> None:
        """Take more findings."""
        self.findings += findings

    def fine(self, check: str, subject: str, message: str) -> None:
        """All is well with it."""
        self.findings.append(Finding(check, State.FINE, subject, message))

    def error(self, check: str, subject: str, message: str, hint: str | None = None) -> None:
        """It keeps the daemon from doing its work, all of it or a part."""
        self.findings.append(Finding(check, State.ERROR, subject, message, hint))

    def warning(self, check: str, subject: str, message: str, hint: str | None = None) -> None:
        """It is worth knowing."""
        self.findings.append(Finding(check, State.WARNING, subject, message, hint))

    def skipped(self, check: str, subject: str, message: str) -> None:
        """It could not be looked at."""
        self.findings.append(Finding(check, State.SKIPPED, subject, message))

    def count(self, state: State) -> int:
        """How many findings are of this state."""
        return sum(finding.state is state for finding in self.findings)

    @property
    def exit_code(self) -> int:
        """What scripts are told; of several reasons the one that has to be put right first."""
        if self.policies_fail:
            return PolicyError.exit_code
        if self.setting_missing:
            return UsageError.exit_code
        if self.out_of_reach:
            return UnreachableError.exit_code
        return 1 if self.count(State.ERROR) else 0

    def as_json(self) -> dict[str, object]:
        """The findings for programs."""
        return {
            "findings": [
                {
                    "check": finding.check,
                    "state": finding.state.value,
                    "subject": finding.subject,
                    "message": finding.message,
                    "hint": finding.hint,
                }
                for finding in self.findings
            ],
            "summary": {state.value: self.count(state) for state in State},
        }
