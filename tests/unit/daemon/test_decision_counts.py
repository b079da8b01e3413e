from dataclasses import replace

import pytest

from tests.unit.daemon.enforcement.tools import decide
from voxguard.daemon import decision_counts
from voxguard.daemon.decision_counts import OTHER_RULES, DecisionCounts, Sort
from voxguard.model.decisions import Decision, Effect, Mode, Outcome
from voxguard.ports.outbox import OutboxBatch, OutcomeRecord, UnfinishedDecision


def ended(decision: Decision, outcome: Outcome | None) -> OutcomeRecord:
    """An outcome of it."""
    return OutcomeRecord(decision.id, decision.decided_at, outcome)


def test_decisions_and_final_outcomes_are_counted() -> None:
    """Passing outcomes are none, and an outcome that is told twice counts once."""
    counts = DecisionCounts()
    mute = decide(Effect.MUTE)
    sort = Sort(mute.rule, Effect.MUTE, Mode.ENFORCE)
    counts.read(OutboxBatch(decisions=(mute,), outcomes=(ended(mute, Outcome.DEFERRED),)))
    counts.read(OutboxBatch(outcomes=(ended(mute, None),)))
    assert (counts.decided, counts.ended) == ({sort: 1}, {})
    for _ in range(2):
        counts.read(OutboxBatch(outcomes=(ended(mute, Outcome.APPLIED),)))
    assert counts.ended == {(sort, Outcome.APPLIED): 1}


def test_what_an_earlier_process_has_decided_ends_in_this_one() -> None:
    """It is not a decision of this process, but its outcome is."""
    counts = DecisionCounts()
    mute = decide(Effect.MUTE)
    counts.remembers([UnfinishedDecision(mute, "abc", None)])
    counts.read(OutboxBatch(outcomes=(ended(mute, Outcome.APPLIED),)))
    assert not counts.decided
    assert sum(counts.ended.values()) == 1


def test_rules_without_end_are_counted_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever renames a rule every minute for a year does not fill the memory."""
    monkeypatch.setattr(decision_counts, "MOST_RULES", 2)
    counts = DecisionCounts()
    for name in "abcda":
        decision = replace(decide(Effect.MUTE), rule=name)
        counts.read(OutboxBatch(decisions=(decision,)))
    by_rule = {sort.rule: number for sort, number in counts.decided.items()}
    assert by_rule == {"a": 2, "b": 1, OTHER_RULES: 2}
