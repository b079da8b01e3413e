"""The outcomes of decisions, gathered until the shell hands them on, and counted."""

from dataclasses import dataclass

from voxguard.daemon.enforcement.wants import Want
from voxguard.model.decisions import Decision, Outcome
from voxguard.ports.discord import Refused, RoleEdit
from voxguard.ports.enforcement import EnforcementStats


@dataclass(frozen=True, slots=True)
class Settled:
    """A decision and what became of it; `error` is Discord's code and text."""

    decision: Decision
    outcome: Outcome
    error: str | None = None


class Settling:
    """Where the queue puts outcomes, so that nobody is called while it is at work."""

    def __init__(self, stats: EnforcementStats) -> None:
        """Count in `stats`."""
        self._stats = stats
        self._settled: list[Settled] = []

    def take(self) -> list[Settled]:
        """Everything since the last time, in order."""
        settled, self._settled = self._settled, []
        return settled

    def applied(self, want: Want) -> None:
        """Discord has done it."""
        self._stats.applied += 1
        self._add(want.decision, Outcome.APPLIED)

    def needless(self, want: Want) -> None:
        """It is as wanted already."""
        if want.decision.yielded:
            self.yielded(want.decision)
            return
        self._stats.needless += 1
        self._add(want.decision, Outcome.APPLIED)

    def yielded(self, decision: Decision) -> None:
        """Somebody else has made the release, or has to."""
        self._stats.yielded += 1
        self._add(decision, Outcome.YIELDED)

    def superseded(self, decision: Decision) -> None:
        """Something newer, or the member's leaving, has made it void."""
        self._stats.superseded += 1
        self._add(decision, Outcome.SUPERSEDED)

    def failed(self, decision: Decision, error: str) -> None:
        """Discord will not do it."""
        self._stats.failed += 1
        self._add(decision, Outcome.FAILED, error)

    def unknown(self, decision: Decision) -> None:
        """Nobody knows whether it was done, and it may not be done twice."""
        self._stats.unknown += 1
        self._add(decision, Outcome.UNKNOWN)

    def refused(self, want: Want, answer: Refused) -> None:
        """Discord does not permit it for the present: it waits, and the reason is told once."""
        if want.refusals == 1:
            want.told = Outcome.DEFERRED
            self._add(want.decision, Outcome.DEFERRED, answer.words)

    def passing(self, want: Want, outcome: Outcome) -> None:
        """It has to wait; told once until something else is told."""
        if want.told is not outcome:
            want.told = outcome
            self._add(want.decision, outcome)

    def _add(self, decision: Decision, outcome: Outcome, error: str | None = None) -> None:
        self._settled.append(Settled(decision, outcome, error))


def may_be_given(want: Want) -> bool:
    """Whether the role of a want may be there by our own hand, though it was not sent now."""
    match want.value:
        case RoleEdit(granted=granted):
            return not granted or want.given or want.in_doubt or want.restored
        case _:
            return False


def supersede(older: Want, newer: Want, settling: Settling) -> None:
    """Put a newer want in the place of an older one of the same field."""
    settling.superseded(older.decision)
    if older.rank is newer.rank:
        newer.turn = min(older.turn, newer.turn)
    newer.given = may_be_given(older)
    # Nothing is asked of Discord before the reports had time to show what is the case.
    newer.unclear_until = max(older.unclear_until, older.shown_at)
    newer.not_before = max(newer.not_before, newer.unclear_until)
