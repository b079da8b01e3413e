"""`mute: true`: server mute while the rule holds; released when it no longer does.

```yaml
version: 1
rules:
  quiet-lobby:
    where: lobby
    then: {mute: true}
```
"""

from dataclasses import dataclass
from typing import ClassVar

from voxguard.model.decisions import Effect
from voxguard.model.facts import Facts
from voxguard.policy.effects.base import MUTE, Want
from voxguard.policy.effects.held import Held
from voxguard.policy.effects.kind import EffectKind
from voxguard.policy.places import Place
from voxguard.policy.scope import Scope


@dataclass(frozen=True, slots=True)
class Mute(Want):
    """Muted by the server while the rule holds."""

    key: ClassVar[str] = "mute"
    effect: ClassVar[Effect] = Effect.MUTE
    release: ClassVar[Effect | None] = Effect.UNMUTE
    slot = MUTE

    def is_done(self, facts: Facts) -> bool:
        """Whether the member is muted already."""
        return facts.guild_mute

    def canonical(self) -> object:
        """That it is wanted."""
        return True


def _compile(_value: bool, _scope: Scope, _place: Place) -> Mute:  # noqa: FBT001 - always True
    return Mute()


KIND = EffectKind("mute", Held, _compile)
