"""Atoms and clauses: a rule's conditions as alternatives, each of which must be met."""

from typing import NamedTuple

EXCLUSIVE = frozenset({"member", "kind"})
"""Kinds of which a member has one value: who is A is not B."""

AT_LEAST = ">="
"""What the kind of an atom about an amount ends with: that it reaches the value."""


class Atom(NamedTuple):
    """One thing that is true of a member, or is not: a role, a channel, an age reached."""

    kind: str
    value: int | float | str | tuple[int | str, ...]
    positive: bool = True

    def denied(self) -> "Atom":
        """The opposite."""
        return Atom(self.kind, self.value, not self.positive)

    @property
    def key(self) -> "Atom":
        """What rules are filed under: the atom, of amounts without the amount."""
        return Atom(self.kind, 0, self.positive) if self.kind.endswith(AT_LEAST) else self


Clause = frozenset[Atom]
"""Alternatives, at least one of which must hold. The empty one never does."""

Clauses = tuple[Clause, ...]
"""What must hold all together."""
