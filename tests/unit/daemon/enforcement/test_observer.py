from dataclasses import replace

from tests.unit.daemon.enforcement.tools import NOW, decide
from voxguard.daemon.enforcement.observer import Observer
from voxguard.model.decisions import Effect, Mode, Outcome
from voxguard.ports.enforcement import EnforcementStats
from voxguard.ports.outbox import OutcomeRecord


def test_what_a_blown_fuse_holds_back_is_told_apart() -> None:
    """A decision that is only observed because of its rule's fuse is fused, not observed."""
    told: list[OutcomeRecord] = []
    stats = EnforcementStats()
    observer = Observer(lambda _, record: told.append(record), lambda: NOW, stats)
    observed = decide(Effect.MUTE, mode=Mode.OBSERVE)
    observer.observe([observed, replace(observed, fused=True)])
    assert [record.outcome for record in told] == [Outcome.OBSERVED, Outcome.FUSED]
    assert [record.executed_at for record in told] == [NOW, NOW]
    assert (stats.observed, stats.fused) == (1, 1)
