"""Atoms and clauses: a rule's conditions as alternatives, each of which must be met."""

from typing import NamedTuple

EXCLUSIVE = frozenset({"member", "kind"})
"""Kinds of which a member has one value: who is A is not B."""

AT_LEAST = ">="
"""What the kind of an atom about a number ends with: that it reaches the value."""


class Atom(NamedTuple):
    """One thing that is true of a member, or is not: a role, a channel, an age reached."""

    kind: str
    value: int | float | str
    positive: bool = True

    def denied(self) -> "Atom":
        """The opposite."""
        return Atom(self.kind, self.value, not self.positive)

    @property
    def key(self) -> "Atom":
        """What rules are filed under: the atom, of numbers without the number."""
        return Atom(self.kind, 0, self.positive) if self.kind.endswith(AT_LEAST) else self


Clause = frozenset[Atom]
"""Alternatives, at least one of which must hold. The empty one never does."""

Clauses = tuple[Clause, ...]
"""What must hold all together."""


def follows(one: Atom, other: Atom) -> bool:
    """Whether `other` holds of whomever `one` holds of."""
    if one == other:
        return True
    if one.kind != other.kind:
        return False
    if one.kind.endswith(AT_LEAST):
        if one.positive is not other.positive:
            return False
        low, high = (other, one) if one.positive else (one, other)
        return float(low.value) <= float(high.value)
    return one.kind in EXCLUSIVE and one.positive and not other.positive and one[1] != other[1]


def covers(wide: Clause, narrow: Clause) -> bool:
    """Whether whoever meets the narrow clause meets the wide one."""
    if narrow <= wide:
        return True
    return bool(narrow) and all(any(follows(one, other) for other in wide) for one in narrow)


def covers_all(wide: Clauses, narrow: Clauses) -> bool:
    """Whether whoever meets all narrow clauses meets all wide ones."""
    return all(any(covers(clause, other) for other in narrow) for clause in wide)
