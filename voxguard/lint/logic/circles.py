"""Circles in which rules hand members on, found without walking each way from each rule."""

from collections import Counter
from collections.abc import Iterable, Iterator

from voxguard.lint.logic.moves import Awaiting, Mover

_MOST_STEPS = 1_000_000
"""Steps for all circles of a guild together: a thicket of rules is not worth the time."""


class Circles:
    """The rules of a guild that move members, and the ways round among them."""

    def __init__(self, every: list[Mover], awaiting: Awaiting) -> None:
        self._awaiting = awaiting
        self._left = _MOST_STEPS
        self._around = _between(every, awaiting)

    def through(self, start: Mover) -> list[Mover]:
        """The shortest way round from a rule back to itself; nothing when there is none."""
        if start not in self._around:
            return []
        came_from: dict[Mover, Mover] = {}
        pending = [start]
        while pending and self._left > 0:
            following = []
            for mover in pending:
                for one in self._following(mover):
                    self._left -= 1
                    if one is start:
                        return _way(start, mover, came_from)
                    if one not in came_from:
                        came_from[one] = mover
                        following.append(one)
            pending = following
        return []

    def _following(self, mover: Mover) -> Iterator[Mover]:
        return (one for one in self._awaiting.after(mover) if one in self._around)


def _way(start: Mover, last: Mover, came_from: dict[Mover, Mover]) -> list[Mover]:
    way = [last]
    while way[-1] is not start:
        way.append(came_from[way[-1]])
    return way[::-1]


def _between(every: Iterable[Mover], awaiting: Awaiting) -> set[Mover]:
    """The rules that have rules both before and after them: those of circles, and few others."""
    left = set(every)
    before: dict[Mover, list[Mover]] = {mover: [] for mover in left}
    for mover in every:
        for one in awaiting.after(mover):
            before[one].append(mover)
    after = {mover: awaiting.after(mover) for mover in left}
    for forth, back in ((after, before), (before, after)):
        # Whoever leads nowhere belongs to no circle, and then whoever leads there alone.
        count = Counter({mover: sum(one in left for one in forth[mover]) for mover in left})
        ends = [mover for mover in left if not count[mover]]
        while ends:
            mover = ends.pop()
            left.discard(mover)
            for one in back[mover]:
                count[one] -= 1
                if not count[one] and one in left:
                    ends.append(one)
    return left
