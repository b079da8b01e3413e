"""Why clauses can never be met all together, as far as reasoning over them goes."""

from collections.abc import Iterable
from typing import NamedTuple

from voxguard.lint.logic.atoms import EXCLUSIVE, Atom, Clause, Clauses
from voxguard.lint.logic.clauses import Terms
from voxguard.lint.logic.implication import follows
from voxguard.lint.logic.theory import Theory

_APART = EXCLUSIVE | {"channel"}


class Refutation(NamedTuple):
    """The clause that cannot be met, and why; no clause when it is several together."""

    clause: Clause | None
    reason: str


def refute(clauses: Clauses, terms: Terms, theory: Theory) -> Refutation | None:
    """Why nobody ever meets all clauses; None when somebody may."""
    left = []
    for clause in clauses:
        reasons = {atom: reason for atom in clause if (reason := theory.why_not(atom))}
        if len(reasons) == len(clause):
            why = "; ".join(sorted(set(reasons.values()))) or "it leaves nobody"
            return Refutation(clause, why)
        left.append((clause, frozenset(clause - reasons.keys())))
    return _propagate(left, terms, theory) or _together([rest for _, rest in left], theory)


def are_apart(one: Clauses, other: Clauses, terms: Terms) -> bool:
    """Whether nobody meets all clauses of both, by what stands in them alone.

    Two channels count as apart, although one may be the category of the other: what
    authors write as different places they mean as such.
    """
    if any(_have_nothing_in_common(first, second) for first in one for second in other):
        return True
    # In the order in which they stand: the answer may not depend on a hash.
    every = dict.fromkeys((*one, *other))
    return _contradiction([(clause, clause) for clause in every], terms) is not None


def _have_nothing_in_common(one: Clause, other: Clause) -> bool:
    kinds = {atom.kind for atom in one | other}
    return (
        len(kinds) == 1
        and kinds <= _APART
        and all(atom.positive for atom in one | other)
        and one.isdisjoint(other)
    )


def _together(clauses: Iterable[Clause], theory: Theory) -> Refutation | None:
    reason = theory.why_nobody(tuple(clauses))
    return None if reason is None else Refutation(None, reason)


def _propagate(
    clauses: list[tuple[Clause, Clause]], terms: Terms, theory: Theory
) -> Refutation | None:
    found = _contradiction(clauses, terms)
    if found is None:
        return None
    clause, atoms = found
    things = sorted({theory.words(atom) for atom in atoms})
    return Refutation(clause, f"{' and '.join(things)}: what is asked for is excluded as well")


def _contradiction(
    clauses: list[tuple[Clause, Clause]], terms: Terms
) -> tuple[Clause, Clause] | None:
    """The first clause of which every alternative is denied by clauses that have only one.

    Each stands beside what is left of it; the answer is both.
    """
    single = {atom for _, rest in clauses if len(rest) == 1 for atom in rest}
    single |= {more for atom in single for more in terms.consequences(atom)}
    pending = clauses
    while True:
        wide = []
        gained = set[Atom]()
        for clause, rest in pending:
            still = frozenset(atom for atom in rest if not _is_denied(atom, single))
            if not still:
                return clause, rest
            if len(still) == 1:
                gained |= still - single
            else:
                wide.append((clause, still))
        if not gained:
            return None
        single |= gained | {more for atom in gained for more in terms.consequences(atom)}
        # A clause that has become a single atom may be denied by another such.
        pending = [*wide, *((frozenset({atom}), frozenset({atom})) for atom in gained)]


def _is_denied(atom: Atom, single: set[Atom]) -> bool:
    denied = atom.denied()
    return denied in single or any(one.kind == atom.kind and follows(one, denied) for one in single)
