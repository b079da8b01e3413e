"""A failing case made small: whatever can be left out while it still fails is left out."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from tests.simulation.plot import Plot
from tests.simulation.rulebook import without_rule

Fails = Callable[[Plot], bool]


def shrink(plot: Plot, fails: Fails) -> Plot:
    """The case without all that does not matter for its failing."""
    plot = _without_chapters(plot, fails)
    again = True
    while again:
        smaller = _shrink_once(plot, fails)
        again = smaller != plot
        plot = smaller
    return plot


def _without_chapters(plot: Plot, fails: Fails) -> Plot:
    for number in range(len(plot.chapters) - 1, -1, -1):
        chapters = plot.chapters[:number] + plot.chapters[number + 1 :]
        if chapters and fails(smaller := replace(plot, chapters=chapters)):
            plot = smaller
    return plot


def _shrink_once(plot: Plot, fails: Fails) -> Plot:
    for number in range(len(plot.chapters)):
        size = max(1, len(plot.chapters[number]) // 2)
        while size:
            plot = _without_runs(plot, number, size, fails)
            size //= 2
    for smaller in _with_fewer_rules(plot):
        if fails(smaller):
            return smaller
    return plot


def _without_runs(plot: Plot, number: int, size: int, fails: Fails) -> Plot:
    """Leave out so many happenings in a row at a time, from the last one on."""
    end = len(plot.chapters[number])
    while end > 0:
        chapter = plot.chapters[number]
        left = chapter[: max(0, end - size)] + chapter[end:]
        chapters = (*plot.chapters[:number], left, *plot.chapters[number + 1 :])
        smaller = replace(plot, chapters=chapters)
        if fails(smaller):
            plot = smaller
        end -= size
    return plot


def _with_fewer_rules(plot: Plot) -> Iterator[Plot]:
    for revision, policies in enumerate(plot.policies):
        number = 0
        while (fewer := without_rule(policies, number)) is not None:
            revisions = (*plot.policies[:revision], fewer, *plot.policies[revision + 1 :])
            yield replace(plot, policies=revisions)
            number += 1
