"""`who.roles`: the member's roles, by alias or id; the guild's own id is everybody.

```yaml
version: 1
rules:
  quiet-lobby:
    who: {roles: {none: [staff]}}
    where: lobby
    then: {mute: true}
```
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from voxguard.model.facts import Facts
from voxguard.model.ids import RoleId
from voxguard.policy.conditions.base import Condition, Key, KeyKind
from voxguard.policy.conditions.leaf import Leaf
from voxguard.policy.namesets import NameSet, NameSetDocument, Sets, canonical_ids
from voxguard.policy.places import Place
from voxguard.policy.scope import Scope


@dataclass(frozen=True, slots=True)
class HasRoles(Condition):
    """Roles that the member has or has not."""

    path: ClassVar[str] = "who/roles"
    any: frozenset[RoleId] | None = None
    all: frozenset[RoleId] = field(default_factory=frozenset)
    none: frozenset[RoleId] = field(default_factory=frozenset)

    def matches(self, facts: Facts, at: datetime) -> bool:  # noqa: ARG002 - no time in it
        """Whether the member has one of any, each of all, and none of none."""
        roles = facts.roles
        return (
            (self.any is None or not self.any.isdisjoint(roles))
            and self.all <= roles
            and self.none.isdisjoint(roles)
        )

    def required(self) -> tuple[frozenset[Key], ...]:
        """One of the roles of any; each role of all."""
        alternatives = [] if self.any is None else [self.any]
        return tuple(
            frozenset(Key(KeyKind.ROLE, role_id) for role_id in some)
            for some in (*alternatives, *({role_id} for role_id in sorted(self.all)))
        )

    def canonical(self) -> object:
        """The ids of the roles."""
        return canonical_ids(self.any, self.all, self.none)


def _compile(document: NameSetDocument, scope: Scope, place: Place) -> HasRoles:
    sets = Sets.of(document, scope.role, place)
    return HasRoles(
        None if sets.any is None else frozenset(sets.any), frozenset(sets.all), frozenset(sets.none)
    )


LEAF = Leaf(HasRoles, NameSet, _compile)
