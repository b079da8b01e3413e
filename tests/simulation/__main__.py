"""Many simulations with faults: `python -m tests.simulation --seeds 0:10000`.

Prints the first seeds in which an invariant does not hold, each made small and told as a story.
"""
# ruff: noqa: T201 - it talks to whoever runs it

import argparse
import sys
import time
from collections import Counter
from functools import partial
from pathlib import Path

from tests.simulation.cases import load
from tests.simulation.known import KNOWN, is_known
from tests.simulation.plot import Plot, random_plot
from tests.simulation.run import Result, run_plot
from tests.simulation.shrink import shrink

PROGRESS_SECONDS = 10.0


def _fails(name: str, plot: Plot) -> bool:
    """Whether a smaller case violates the same invariant."""
    return any(each.name == name for each in run_plot(plot).violations)


def _tell(plot: Plot, result: Result, *, whole: bool) -> None:
    name = next(each.name for each in result.violations)
    if not whole:
        plot = shrink(plot, partial(_fails, name))
    result = run_plot(plot, told=True)
    print(f"\n=== {plot}\n--- what happens")
    print("\n".join(result.story))
    print("--- violated\n" + "\n".join(map(str, result.violations)), flush=True)


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", default="0:1000", help="FIRST:END, or one seed")
    parser.add_argument("--case", type=Path, help="tell one kept case as a story instead")
    parser.add_argument("--most", type=int, default=3, help="how many failures to tell")
    parser.add_argument("--whole", action="store_true", help="don't make failing cases small")
    parser.add_argument("--verbose", action="store_true", help="tell every case as a story")
    parser.add_argument("--strict", action="store_true", help="known findings fail as well")
    return parser.parse_args()


def main() -> int:
    """Run; 1 when any case failed."""
    arguments = _parse()
    if arguments.case is not None:
        result = run_plot(load(arguments.case), told=True)
        print("\n".join(result.story))
        return 1 if result.violations else 0
    first, _, end = arguments.seeds.partition(":")
    seeds = range(int(first), int(end or int(first) + 1))
    failed: list[int] = []
    names: Counter[str] = Counter()
    known: Counter[str] = Counter()
    started = told_at = time.monotonic()
    for done, seed in enumerate(seeds):
        plot = random_plot(seed)
        result = run_plot(plot, told=arguments.verbose)
        print("\n".join(result.story)) if arguments.verbose else None
        fresh = [each for each in result.violations if arguments.strict or not is_known(each)]
        known.update({each.name for each in result.violations if is_known(each)})
        if fresh:
            failed.append(seed)
            names.update({each.name for each in fresh})
            if len(failed) <= arguments.most:
                fresh_first = sorted(result.violations, key=lambda each: each not in fresh)
                found = Result(tuple(fresh_first), *_rest_of(result))
                _tell(plot, found, whole=arguments.whole)
        if time.monotonic() - told_at > PROGRESS_SECONDS:
            told_at = time.monotonic()
            print(f"{done + 1} of {len(seeds)} seeds, {len(failed)} failed", flush=True)
    seconds = time.monotonic() - started
    pace = f"{seconds:.0f} s, {1000 * seconds / max(1, len(seeds)):.0f} ms each"
    print(f"{len(seeds)} seeds, {len(failed)} failed, {pace}: {failed[:50]} {dict(names)}")
    for name, count in sorted(known.items()):
        print(f"known and not mended yet: {name} in {count} seeds: {KNOWN[name]}")
    return 1 if failed else 0


def _rest_of(result: Result) -> tuple[tuple[str, ...], int, int, float]:
    return result.story, result.decisions, result.lives, result.seconds


if __name__ == "__main__":
    sys.exit(main())
