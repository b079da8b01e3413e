"""`deafen: true`: server deafen while the rule holds; released when it no longer does.

```yaml
version: 1
rules:
  no-eavesdropping:
    where: lobby
    then: {deafen: true}
```
"""

from dataclasses import dataclass
from typing import ClassVar

from voxguard.model.decisions import Effect
from voxguard.model.facts import Facts
from voxguard.policy.effects.base import DEAFEN, Want
from voxguard.policy.effects.held import Held
from voxguard.policy.effects.kind import EffectKind
from voxguard.policy.places import Place
from voxguard.policy.scope import Scope


@dataclass(frozen=True, slots=True)
class Deafen(Want):
    """Deafened by the server while the rule holds."""

    key: ClassVar[str] = "deafen"
    effect: ClassVar[Effect] = Effect.DEAFEN
    release: ClassVar[Effect | None] = Effect.UNDEAFEN
    slot = DEAFEN

    def is_done(self, facts: Facts) -> bool:
        """Whether the member is deafened already."""
        return facts.guild_deaf

    def canonical(self) -> object:
        """That it is wanted."""
        return True


def _compile(_value: bool, _scope: Scope, _place: Place) -> Deafen:  # noqa: FBT001 - always True
    return Deafen()


KIND = EffectKind("deafen", Held, _compile)
