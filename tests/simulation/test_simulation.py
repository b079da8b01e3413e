from pathlib import Path

import pytest

from tests.simulation.cases import KEPT, dump, kept, load
from tests.simulation.known import KNOWN, is_known
from tests.simulation.plot import Plot, random_plot
from tests.simulation.run import run_plot
from tests.simulation.shrink import shrink
from voxguard.daemon.enforcement.observer import Observer


def test_the_invariants_hold_whatever_goes_wrong(simulated_seeds: range) -> None:
    """Requests, marks, leases, visits and the log are right, but for what is known."""
    found = {
        seed: fresh
        for seed in simulated_seeds
        if (
            fresh := [
                str(each) for each in run_plot(random_plot(seed)).violations if not is_known(each)
            ]
        )
    }
    assert not found, "look at one with: python -m tests.simulation --seeds SEED"


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_what_is_known_is_not_mended(name: str) -> None:
    """A finding is taken off the list when it is mended: nothing stays excused for ever."""
    violations = run_plot(load(kept(name))).violations
    assert name in {each.name for each in violations}, f"{name!r} is mended: take it off KNOWN"


@pytest.mark.parametrize("path", sorted(KEPT.glob("*.json")), ids=lambda path: str(path.stem))
def test_what_was_mended_stays_mended(path: Path) -> None:
    """Kept cases violate nothing but what is known."""
    plot = load(path)
    assert [str(each) for each in run_plot(plot).violations if not is_known(each)] == []
    assert dump(plot) == path.read_text("utf-8")


def test_a_seed_is_a_case() -> None:
    """The same seed plays the same story to the same end, so that what failed can be looked at."""
    first, again = (run_plot(random_plot(5), told=True) for _ in range(2))
    assert first == again
    assert first.story != run_plot(random_plot(6), told=True).story


def test_a_failing_case_is_made_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is left of a case is what its failing needs."""
    monkeypatch.setattr(Observer, "observe", lambda _self, _decisions: None)
    plot = next(plot for plot in map(random_plot, range(50)) if _has_no_outcome(plot))
    small = shrink(plot, _has_no_outcome)
    assert _has_no_outcome(small)
    assert sum(map(len, small.chapters)) <= 3 < sum(map(len, plot.chapters))


def _has_no_outcome(plot: Plot) -> bool:
    return any(each.name == "outcomes" for each in run_plot(plot).violations)


def test_there_is_enough_of_everything(simulated_seeds: range) -> None:
    """Cases decide things, processes die in them, and hours pass."""
    results = [run_plot(random_plot(seed)) for seed in simulated_seeds[:40]]
    assert sum(each.decisions for each in results) > 10 * len(results)
    assert sum(each.lives for each in results) > 1.5 * len(results)
    assert sum(each.seconds for each in results) > 300 * len(results)
