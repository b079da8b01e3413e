"""Whether the tests reach enough of every package, judged package by package.

An average over the whole tree would let one well-tested package pay for another.
"""

import json
import tomllib
from collections import defaultdict
from pathlib import Path, PurePath
from typing import NamedTuple


class Reached(NamedTuple):
    """Lines and branches of a package, and how many of them ran."""

    covered: int
    total: int

    @property
    def percent(self) -> float:
        """The share that ran; an empty package has nothing left to test."""
        return 100 * self.covered / self.total if self.total else 100.0


def package_of(file: str) -> str:
    """The package right below `voxguard` that a file belongs to, or `voxguard` itself."""
    # The last one: the tree itself may have been cloned into a directory of that name.
    below = PurePath("/", file).as_posix().rpartition("/voxguard/")[2].split("/")
    return below[0] if len(below) > 1 else "voxguard"


def reached(report: Path) -> dict[str, Reached]:
    """Sum up coverage's JSON report for each package."""
    sums: dict[str, Reached] = defaultdict(lambda: Reached(0, 0))
    for file, entry in json.loads(report.read_text("utf-8"))["files"].items():
        summary = entry["summary"]
        package = package_of(file)
        sums[package] = Reached(
            sums[package].covered + summary["covered_lines"] + summary["covered_branches"],
            sums[package].total + summary["num_statements"] + summary["num_branches"],
        )
    return dict(sums)


def shortfalls(report: Path, pyproject: Path) -> list[str]:
    """One sentence for each package that its tests do not reach far enough into."""
    wanted = tomllib.loads(pyproject.read_text("utf-8"))["tool"]["voxguard"]["coverage"]
    found = reached(report)
    problems = [f"{name}: no file of it was measured" for name in wanted.keys() - found.keys()]
    problems.remove("default: no file of it was measured")
    for package, share in sorted(found.items()):
        least = wanted.get(package, wanted["default"])
        print(f"  {package:<10} {share.percent:6.2f} %  (at least {least} %)")
        if share.percent < least:
            problems.append(f"{package}: {share.percent:.2f} % of {least} % reached")
    return problems
