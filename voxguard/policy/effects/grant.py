"""`grant`: these roles while the rule holds, by alias or id, one or several; then taken away.

A role that the member had before is not the rule's and is not taken away.

```yaml
version: 1
rules:
  who-talks-sees-the-channel:
    where: [lobby, music]
    then: {grant: in-voice}
  stage-guests:
    where: {kinds: stage}
    then: {grant: [in-voice, guest]}
```
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from voxguard.model.decisions import Effect
from voxguard.model.facts import Facts
from voxguard.model.ids import RoleId
from voxguard.policy.effects.base import Slot, Want, role_slot
from voxguard.policy.effects.kind import EffectKind
from voxguard.policy.places import Place
from voxguard.policy.scope import Scope
from voxguard.policy.values import OneOrMany, Reference


@dataclass(frozen=True, slots=True)
class Grant(Want):
    """One role while the rule holds."""

    key: ClassVar[str] = "grant"
    effect: ClassVar[Effect] = Effect.GRANT
    release: ClassVar[Effect | None] = Effect.REVOKE
    role: RoleId

    @property
    def slot(self) -> Slot:
        """The role."""
        return role_slot(self.role)

    @property
    def role_id(self) -> RoleId:
        """The role."""
        return self.role

    @property
    def params(self) -> Mapping[str, object]:
        """The role's id."""
        return {"role": str(self.role)}

    def is_done(self, facts: Facts) -> bool:
        """Whether the member has the role already."""
        return self.role in facts.roles

    def canonical(self) -> object:
        """The role's id."""
        return str(self.role)


def _compile(names: tuple[str, ...], scope: Scope, place: Place) -> tuple[Want, ...]:
    found = (scope.role(name, place, index) for index, name in enumerate(names))
    return tuple(map(Grant, sorted({role for role in found if role is not None})))


KIND = EffectKind("grant", OneOrMany[Reference], _compile)
