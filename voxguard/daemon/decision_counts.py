"""Decisions and how they ended, counted by what they were."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from voxguard.model.decisions import Decision, Effect, Mode, Outcome
from voxguard.ports.outbox import OutboxBatch, UnfinishedDecision

MOST_RULES: Final = 1_000
"""What further rules do is counted as that of `OTHER_RULES`: nothing grows without bound."""
OTHER_RULES: Final = "(others)"


@dataclass(frozen=True, slots=True)
class Sort:
    """What is counted together."""

    rule: str
    effect: Effect
    mode: Mode


class DecisionCounts:
    """Reads what the ledger commits; counts begin with the process."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.decided: Counter[Sort] = Counter()
        self.ended: Counter[tuple[Sort, Outcome]] = Counter()
        self._rules: set[str] = set()
        self._open: dict[UUID, Sort] = {}

    def remembers(self, unfinished: Iterable[UnfinishedDecision]) -> None:
        """Know the decisions of an earlier process, whose outcomes are still to come."""
        for each in unfinished:
            self._open[each.decision.id] = self._sort(each.decision)

    def read(self, batch: OutboxBatch) -> None:
        """Count what has become durable."""
        for decision in batch.decisions:
            sort = self._open[decision.id] = self._sort(decision)
            self.decided[sort] += 1
        for record in batch.outcomes:
            if record.outcome is not None and record.outcome.is_final:
                known = self._open.pop(record.decision_id, None)
                if known is not None:
                    self.ended[known, record.outcome] += 1

    def _sort(self, decision: Decision) -> Sort:
        rule = decision.rule
        if rule not in self._rules:
            if len(self._rules) < MOST_RULES:
                self._rules.add(rule)
            else:
                rule = OTHER_RULES
        return Sort(rule, decision.effect, decision.mode)
