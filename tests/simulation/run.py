"""Runs of simulations with all invariants, and what they come to."""

import random
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import structlog

from tests.simulation.invariants import log, quiet
from tests.simulation.invariants.pacing import Pacing
from tests.simulation.invariants.requests import RequestInvariants
from tests.simulation.plot import Plot
from tests.simulation.simulation import Simulation
from tests.simulation.watch import Violation, Watch

CHECKS = (
    quiet.check_members,
    quiet.check_reports,
    log.check_outcomes,
    log.check_releases,
    log.check_visits,
    quiet.check_level,
)


@dataclass(frozen=True, slots=True)
class Result:
    """What was found in one run, and how much of everything there was in it."""

    violations: tuple[Violation, ...]
    story: tuple[str, ...]
    decisions: int
    lives: int
    seconds: float


def run_plot(plot: Plot, *, told: bool = False) -> Result:
    """Play a case to its end; equal cases give equal results."""
    before = random.getstate()
    random.seed(plot.seed)
    try:
        simulation = Simulation(plot, told=told)
        simulation.rest.inspectors += [
            RequestInvariants(
                simulation.watch,
                simulation.disk,
                simulation.hands,
                simulation.was_sent,
                simulation.came_to,
                simulation.decided_in,
                simulation.exempt_since,
            ),
            Pacing(simulation.watch, simulation.rest),
        ]
        simulation.checks += CHECKS
        with _logged(simulation.watch):
            simulation.run()
    finally:
        random.setstate(before)
    watch = simulation.watch
    return Result(
        tuple(watch.violations),
        tuple(watch.story),
        len(simulation.disk.decisions),
        simulation.lives,
        simulation.timeline.monotonic(),
    )


@contextmanager
def _logged(watch: Watch) -> Iterator[None]:
    """Take the program's log as part of the story."""

    def take(_: object, method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
        if method in {"exception", "critical"}:
            watch.violated("error", f"{event}")
        elif watch.told:
            words = " ".join(f"{key}={value}" for key, value in event.items() if value is not None)
            watch.tell(f"  {words}")
        raise structlog.DropEvent

    before = structlog.get_config()
    structlog.configure(processors=[take], cache_logger_on_first_use=False)
    try:
        yield
    finally:
        structlog.configure(**before)
