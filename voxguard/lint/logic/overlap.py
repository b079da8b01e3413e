"""Rules that may hold for one member at the same time, without comparing all pairs."""

from collections import defaultdict
from collections.abc import Iterator

from voxguard.lint.logic.atoms import Atom
from voxguard.lint.logic.clauses import Terms
from voxguard.lint.logic.refutation import are_apart
from voxguard.lint.subject import RuleView

_FILED = ("channel", "member")
_MOST = 300
"""Rules that one is compared with, the first in order: work must not grow with all pairs."""


class Overlapping:
    """Rules filed by where, or else by who, they are for."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._filed: dict[Atom | None, list[RuleView]] = defaultdict(list)
        self._every: list[RuleView] = []

    def add(self, view: RuleView) -> None:
        """File a rule under its channels, or its members; else with those for everywhere."""
        self._every.append(view)
        keys: list[Atom | None] = [*_keys(view)]
        for key in keys or [None]:
            self._filed[key].append(view)

    def of(self, view: RuleView) -> Iterator[RuleView]:
        """Filed rules that may hold for a member for whom this one holds."""
        keys = _keys(view)
        if not keys:
            candidates = self._every[:_MOST]
        else:
            some = dict.fromkeys(each for key in [None, *keys] for each in self._filed.get(key, ()))
            candidates = list(some)[:_MOST]
        for other in candidates:
            if not are_apart(other.whole, view.whole, self._terms):
                yield other


def _keys(view: RuleView) -> list[Atom]:
    for kind in _FILED:
        for clause in view.core:
            if all(atom.kind == kind and atom.positive for atom in clause):
                return sorted(clause)
    return []
