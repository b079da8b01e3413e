"""The outcomes of decisions, gathered until the shell hands them on, and counted."""

from dataclasses import dataclass

from voxguard.daemon.enforcement.wants import Want
from voxguard.model.decisions import Decision, Outcome
from voxguard.ports.discord import Refused, RoleEdit, StageEdit
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

    def unknown(self, decision: Decision, error: str | None = None) -> None:
        """Nobody knows whether it was done, and it may not be done twice, or cannot be."""
        self._stats.unknown += 1
        self._add(decision, Outcome.UNKNOWN, error)

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


def turns_on(want: Want) -> bool | None:
    """Whether it is something to hold, or the end of that; None where it is neither."""
    match want.value:
        case bool(on) | RoleEdit(granted=on) | StageEdit(suppressed=on):
            return on
        case _:
            return None


def may_be_on(want: Want) -> bool:
    """Whether what a want is about may be there by our own hand, though it was not sent now."""
    on = turns_on(want)
    return on is False or (on is True and (want.on or want.in_doubt or want.restored))


def undoes(newer: Want, older: Want) -> bool:
    """Whether what a release is to take away was never set.

    To take it all the same could take what somebody else has set. Reports do not tell: there
    may be none of roles before the member's next voice event, and whoever is not connected may
    be muted before they join.
    """
    return newer.is_release and turns_on(older) is True and not may_be_on(older)


def supersede(older: Want, newer: Want, settling: Settling) -> None:
    """Put a newer want in the place of an older one of the same field."""
    settling.superseded(older.decision)
    if older.rank is newer.rank:
        newer.turn = min(older.turn, newer.turn)
    newer.on = may_be_on(older)
    # Nothing is asked of Discord before the reports had time to show what is the case.
    newer.unclear_until = max(older.unclear_until, older.shown_at)
    newer.not_before = max(newer.not_before, newer.unclear_until)
