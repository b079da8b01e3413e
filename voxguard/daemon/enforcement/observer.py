"""What observing comes to: an outcome. There is no client here that could do anything."""

from collections.abc import Callable, Iterable
from datetime import datetime

from voxguard.model.decisions import Decision, Outcome
from voxguard.ports.enforcement import EnforcementStats, OnOutcome
from voxguard.ports.outbox import OutcomeRecord


class Observer:
    """Takes decisions that are only to be logged."""

    def __init__(
        self, on_outcome: OnOutcome, now: Callable[[], datetime], stats: EnforcementStats
    ) -> None:
        """Tell outcomes to `on_outcome`."""
        self._on_outcome = on_outcome
        self._now = now
        self._stats = stats

    def observe(self, decisions: Iterable[Decision]) -> None:
        """Each of them is observed, at once, or fused where its rule has blown its fuse."""
        for decision in decisions:
            outcome = Outcome.FUSED if decision.fused else Outcome.OBSERVED
            self._stats.fused += decision.fused
            self._stats.observed += not decision.fused
            record = OutcomeRecord(
                decision.id, decision.decided_at, outcome, executed_at=self._now()
            )
            self._on_outcome(decision, record)
