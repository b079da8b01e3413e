"""`who.lists`: the lists that the user is in at this instant.

An entry with an `until` drops out at that instant, without a reload.

```yaml
version: 1
lists:
  blocked:
    entries: ["80351110224678912"]
rules:
  blocked-stay-out:
    who: {lists: blocked}
    then: {disconnect: true}
```
"""

from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import ClassVar

from voxguard.model.facts import Facts
from voxguard.model.ids import UserId
from voxguard.policy.conditions.base import Condition, Key, KeyKind
from voxguard.policy.conditions.leaf import Leaf
from voxguard.policy.lists import IdList
from voxguard.policy.namesets import NameSet, NameSetDocument, Sets
from voxguard.policy.places import Place
from voxguard.policy.scope import Scope


@dataclass(frozen=True, slots=True)
class InLists(Condition):
    """Membership in lists."""

    path: ClassVar[str] = "who/lists"
    sets: Sets[IdList]

    @property
    def timed(self) -> bool:
        """Whether any of the lists has entries that end."""
        return any(one.timed for one in self._all())

    def matches(self, facts: Facts, at: datetime) -> bool:
        """Whether the user is in one of any, in each of all, and in none of none."""
        user_id, sets = facts.user_id, self.sets
        if sets.any is not None and not _in_one_of(sets.any, user_id, at):
            return False
        for one in sets.all:
            if not one.contains(user_id, at):
                return False
        return not _in_one_of(sets.none, user_id, at)

    def changes_at(self, facts: Facts, at: datetime) -> datetime | None:
        """When the user next drops out of one of the lists."""
        changes = (one.changes_at(facts.user_id, at) for one in self._all())
        return min((change for change in changes if change is not None), default=None)

    def required(self) -> tuple[frozenset[Key], ...]:
        """One of the lists of any; each list of all."""
        alternatives = [] if self.sets.any is None else [self.sets.any]
        return tuple(
            frozenset(Key(KeyKind.LIST, one.name) for one in some)
            for some in (*alternatives, *((one,) for one in self.sets.all))
        )

    def canonical(self) -> object:
        """The names of the lists."""
        return self.sets.canonical(lambda one: one.name)

    def _all(self) -> "chain[IdList]":
        return chain(self.sets.any or (), self.sets.all, self.sets.none)


def _in_one_of(lists: tuple[IdList, ...], user_id: UserId, at: datetime) -> bool:
    # Not any(): its generator would be made anew for every decision.
    for one in lists:  # noqa: SIM110
        if one.contains(user_id, at):
            return True
    return False


def _compile(document: NameSetDocument, scope: Scope, place: Place) -> InLists:
    return InLists(Sets.of(document, scope.list, place))


LEAF = Leaf(InLists, NameSet, _compile)
