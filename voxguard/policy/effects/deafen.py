"""`deafen`: `true` is deafened by the server while the rule holds; `false` lifts what there is.

Lifting happens once each time that the rule begins to hold, whoever has set it, and while the
rule holds no later rule deafens.

```yaml
version: 1
rules:
  no-eavesdropping:
    where: lobby
    then: {deafen: true}
  music-is-for-listening:
    priority: 10
    where: music
    then: {deafen: false}
```
"""

from dataclasses import dataclass
from typing import ClassVar

from voxguard.model.decisions import Effect
from voxguard.model.facts import Facts
from voxguard.policy.effects.base import DEAFEN, Slot, Want
from voxguard.policy.effects.kind import EffectKind
from voxguard.policy.places import Place
from voxguard.policy.scope import Scope
from voxguard.policy.values import Bool


@dataclass(frozen=True, slots=True)
class Deafen(Want):
    """Deafened by the server while the rule holds."""

    key: ClassVar[str] = "deafen"
    effect: ClassVar[Effect] = Effect.DEAFEN
    release: ClassVar[Effect | None] = Effect.UNDEAFEN

    @property
    def slot(self) -> Slot:
        """The deafening."""
        return DEAFEN

    def is_done(self, facts: Facts) -> bool:
        """Whether the member is deafened already."""
        return facts.guild_deaf

    def canonical(self) -> object:
        """That it is wanted."""
        return True


@dataclass(frozen=True, slots=True)
class Undeafen(Want):
    """Not deafened by the server any more."""

    key: ClassVar[str] = "deafen"
    effect: ClassVar[Effect] = Effect.UNDEAFEN
    lifts: ClassVar[bool] = True

    @property
    def slot(self) -> Slot:
        """The deafening."""
        return DEAFEN

    def is_done(self, facts: Facts) -> bool:
        """Whether there is nothing to lift."""
        return not facts.guild_deaf

    def canonical(self) -> object:
        """That it is to be lifted."""
        return False


def _compile(value: bool, _scope: Scope, _place: Place) -> tuple[Want, ...]:  # noqa: FBT001 - what the author wrote
    return (Deafen() if value else Undeafen(),)


KIND = EffectKind("deafen", Bool, _compile)
