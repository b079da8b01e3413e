"""Rules that want different things and may hold for one member, without comparing all pairs."""

from collections import defaultdict
from collections.abc import Hashable, Iterator
from itertools import islice

from voxguard.lint.logic.atoms import Atom
from voxguard.lint.logic.clauses import Terms
from voxguard.lint.logic.refutation import are_apart
from voxguard.lint.subject import RuleView

_FILED = ("channel", "member")
_MOST = 300
"""Rules that one is compared with, the first in order: work must not grow with all pairs."""


class Overlapping:
    """Rules filed by where, or else by who, they are for, and by what they want."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._filed: dict[Atom | None, dict[Hashable, list[RuleView]]] = defaultdict(
            lambda: defaultdict(list)
        )
        self._every: dict[Hashable, list[RuleView]] = defaultdict(list)

    def add(self, view: RuleView, wanted: Hashable) -> None:
        """File a rule under its channels, or its members; else with those for everywhere."""
        self._every[wanted].append(view)
        keys: list[Atom | None] = [*_keys(view)]
        for key in keys or [None]:
            self._filed[key][wanted].append(view)

    def others(self, view: RuleView, wanted: Hashable) -> Iterator[RuleView]:
        """Filed rules that want something else of a member for whom this one may hold."""
        for other in dict.fromkeys(islice(self._candidates(view, wanted), _MOST)):
            if other is not view and not are_apart(other.whole, view.whole, self._terms):
                yield other

    def _candidates(self, view: RuleView, wanted: Hashable) -> Iterator[RuleView]:
        keys = _keys(view)
        groups = [self._filed[key] for key in [None, *keys] if key in self._filed]
        for group in groups if keys else [self._every]:
            for each, views in group.items():
                if each != wanted:
                    yield from views


def _keys(view: RuleView) -> list[Atom]:
    for kind in _FILED:
        for clause in view.core:
            if all(atom.kind == kind and atom.positive for atom in clause):
                return sorted(clause)
    return []
