"""How long the checks of a policy set take, all together and each.

Run it as `python -m benchmarks.lint`. Figures are seconds of processor time, in one run each;
loading, which comes before, stands beside them.
"""

import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from benchmarks.big_set import write_set
from benchmarks.measuring import heading, is_quick, say
from voxguard.lint.checks import CHECKS
from voxguard.lint.report import lint
from voxguard.lint.subject import subject_of
from voxguard.policy.files import read_sources
from voxguard.policy.load import examine_sources

T = TypeVar("T")

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """What work gives, and the seconds it takes."""
    before = time.process_time()
    result = work()
    return result, time.process_time() - before


def measure(root: Path, *, each: bool) -> None:
    """Print what a set takes; with `each`, check by check."""
    sources = read_sources(root)
    _, whole = timed(lambda: lint(sources, NOW))
    examined, loading = timed(lambda: examine_sources(sources))
    policy_set = examined.loaded.policy_set
    if policy_set is None:
        raise ValueError(f"{root} does not load")
    say("load, checks and report", f"{whole:.2f} s")
    say("of it loading", f"{loading:.2f} s")
    subject, taking_apart = timed(lambda: subject_of(examined, sources, NOW))
    say("of it taking rules apart", f"{taking_apart:.2f} s")
    for check in CHECKS if each else ():
        found, seconds = timed(lambda check=check: list(check.find(subject)))  # type: ignore[misc]
        say(f"  {check.id} {check.name}", f"{seconds:.2f} s", f"{len(found):,} found")


def main() -> None:
    """Measure and print."""
    sizes = (100, 1_000) if is_quick(__doc__) else (100, 1_000, 10_000)
    with tempfile.TemporaryDirectory() as directory:
        for rules in sizes:
            heading(f"lint: {rules:,} rules")
            measure(write_set(Path(directory) / str(rules), rules), each=rules == sizes[-1])


if __name__ == "__main__":
    main()
