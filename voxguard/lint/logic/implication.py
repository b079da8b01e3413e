"""What follows from what: between atoms, clauses, and clauses that hold all together."""

from collections import Counter

from voxguard.lint.logic.atoms import EXCLUSIVE, Atom, Clause, Clauses
from voxguard.lint.logic.measures import REACHES


def follows(one: Atom, other: Atom) -> bool:
    """Whether `other` holds of whomever `one` holds of."""
    if one == other:
        return True
    if one.kind != other.kind:
        return False
    reaches = REACHES.get(one.kind)
    if reaches is not None:
        more, less = (one, other) if one.positive else (other, one)
        return one.positive is other.positive and reaches(more.value, less.value)
    return one.kind in EXCLUSIVE and one.positive and not other.positive and one[1] != other[1]


def covers(wide: Clause, narrow: Clause) -> bool:
    """Whether whoever meets the narrow clause meets the wide one."""
    if narrow <= wide:
        return True
    return bool(narrow) and all(any(follows(one, other) for other in wide) for one in narrow)


def covers_all(wide: Clauses, narrow: Clauses) -> bool:
    """Whether whoever meets all narrow clauses meets all wide ones."""
    return all(any(covers(clause, other) for other in narrow) for clause in wide)


def is_met_by_all(clause: Clause) -> bool:
    """Whether a clause leaves out nobody, by what stands in it alone."""
    if any(atom.denied() in clause for atom in clause):
        return True
    others = Counter(atom.kind for atom in clause if not atom.positive)
    if any(others[kind] > 1 for kind in EXCLUSIVE):
        return True
    amounts = [atom for atom in clause if atom.kind in REACHES]
    return any(follows(one.denied(), other) for one in amounts for other in amounts)
