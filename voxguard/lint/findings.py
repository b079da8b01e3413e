"""Findings: how one is made, and of many not more than anybody reads."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from voxguard.model.problems import Level, Mark, Problem
from voxguard.policy import checks
from voxguard.policy.places import Place
from voxguard.policy.report import MAX_IN_FILE, MAX_IN_SET

_MOST_FILES = 100
"""Files of which it is said how many more findings each has."""


def problem_at(
    check: checks.Check, level: Level, place: Place, message: str, hint: str | None = None
) -> Problem:
    """A finding at a place of a file."""
    return Problem(check.id, check.name, level, place.mark, message, place.pointer, hint)


def limited(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """As many of them as a report has, errors first, and how many more a file has."""
    kept: list[Problem] = []
    in_file: Counter[str] = Counter()
    left_out: dict[str, list[Level]] = defaultdict(list)
    every = list(problems)
    for problem in sorted(every, key=lambda each: each.level is not Level.ERROR):
        file = problem.mark.file
        if in_file[file] >= MAX_IN_FILE or len(kept) >= MAX_IN_SET:
            left_out[file].append(problem.level)
        else:
            in_file[file] += 1
            kept.append(problem)
    if not left_out:
        return tuple(every)
    shown = set(kept)
    named = list(left_out.items())
    rest = named[_MOST_FILES:]
    more = [
        _more(file, levels, f"{len(levels):,} more in this file, not shown.")
        for file, levels in named[:_MOST_FILES]
    ]
    if rest:
        levels = [level for _, some in rest for level in some]
        message = f"{len(levels):,} more in {len(rest):,} other files, not shown."
        more.append(_more(".", levels, message))
    return (*(each for each in every if each in shown), *more)


def _more(file: str, levels: list[Level], message: str) -> Problem:
    level = Level.ERROR if Level.ERROR in levels else Level.WARNING
    check = checks.TOO_LARGE
    return Problem(check.id, check.name, level, Mark(file), message)
