import pytest

from tests.simulation.planted import BUGS
from tests.simulation.plot import random_plot
from tests.simulation.run import run_plot

MOST_SEEDS = 150


@pytest.mark.parametrize("name", sorted(BUGS))
def test_a_planted_bug_is_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The simulation notices, within a few seeds, that the program is broken in this place."""
    bug = BUGS[name]
    bug.plant(monkeypatch)
    for seed in range(bug.first, bug.first + MOST_SEEDS):
        violations = run_plot(random_plot(seed)).violations
        if any(each.name in bug.names for each in violations):
            return
    pytest.fail(f"not noticed within {MOST_SEEDS} seeds: {name}")
