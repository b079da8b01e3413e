"""Many random cases through the program and the oracle: `python -m tests.properties.oracle`.

Prints the first seeds for which they differ, each with its case made small.
"""
# ruff: noqa: T201 - it talks to whoever runs it

import argparse
import sys
import time
import traceback
from functools import partial

from tests.properties.oracle.cases import Case, random_case
from tests.properties.oracle.compare import RefusedError, difference, supported
from tests.properties.oracle.dice import KEYS
from tests.properties.oracle.shrink import shrink


def _verdict(case: Case) -> str | None:
    """What is wrong with a case: a difference, or an error of the program or the oracle."""
    try:
        return difference(case)
    except RefusedError as error:
        return f"refused: {error}"
    except Exception:  # noqa: BLE001 - whatever goes wrong is what is looked for
        return traceback.format_exc()


def _kind(verdict: str | None) -> str:
    """What a smaller case has to have in common with the one it was made of."""
    if verdict is None:
        return ""
    last = verdict.splitlines()[-1]
    return "refused" if verdict.startswith("refused") else last if "Traceback" in verdict else "-"


def _is_of(kind: str, case: Case) -> bool:
    return _kind(_verdict(case)) == kind


def _keys(chosen: str | None, without: str) -> frozenset[str]:
    keys = supported() if chosen is None else frozenset(filter(None, chosen.split(",")))
    unknown = (keys | set(filter(None, without.split(",")))) - KEYS
    if unknown:
        sys.exit(f"unknown keys: {', '.join(sorted(unknown))}; known: {', '.join(sorted(KEYS))}")
    return keys - frozenset(without.split(","))


def main() -> int:
    """Run; 1 when any case failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.properties.oracle", description=__doc__)
    parser.add_argument("--seeds", default="0:1000", help="FIRST:END, or one seed")
    parser.add_argument("--keys", help="comma-separated; default: all that the program supports")
    parser.add_argument("--without", default="", help="keys not to use")
    parser.add_argument("--most", type=int, default=3, help="how many failures to show")
    parser.add_argument("--whole", action="store_true", help="don't make failing cases small")
    arguments = parser.parse_args()
    keys = _keys(arguments.keys, arguments.without)
    first, _, end = arguments.seeds.partition(":")
    seeds = range(int(first), int(end or int(first) + 1))
    failed, started = [], time.monotonic()
    for seed in seeds:
        case = random_case(seed, keys)
        verdict = _verdict(case)
        if verdict is None:
            continue
        failed.append(seed)
        if len(failed) <= arguments.most:
            kind = _kind(verdict)
            if not arguments.whole:
                case = shrink(case, partial(_is_of, kind))
            print(f"=== seed {seed}\n{_verdict(case)}\n", flush=True)
    seconds = time.monotonic() - started
    print(f"{len(seeds)} seeds, {len(failed)} failed, {seconds:.0f} s: {failed[:50]}")
    print(f"not used: {', '.join(sorted(KEYS - keys)) or 'nothing'}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
