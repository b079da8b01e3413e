"""`mute`: `true` is muted by the server while the rule holds; `false` lifts what mute there is.

Lifting happens once each time that the rule begins to hold, whoever has set it, and while the
rule holds no later rule mutes.

```yaml
version: 1
rules:
  quiet-lobby:
    where: lobby
    then: {mute: true}
  music-may-be-loud:
    priority: 10
    where: music
    then: {mute: false}
```
"""

from dataclasses import dataclass
from typing import ClassVar

from voxguard.model.decisions import Effect
from voxguard.model.facts import Facts
from voxguard.policy.effects.base import MUTE, Slot, Want
from voxguard.policy.effects.kind import EffectKind
from voxguard.policy.places import Place
from voxguard.policy.scope import Scope
from voxguard.policy.values import Bool


@dataclass(frozen=True, slots=True)
class Mute(Want):
    """Muted by the server while the rule holds."""

    key: ClassVar[str] = "mute"
    effect: ClassVar[Effect] = Effect.MUTE
    release: ClassVar[Effect | None] = Effect.UNMUTE

    @property
    def slot(self) -> Slot:
        """The mute."""
        return MUTE

    def is_done(self, facts: Facts) -> bool:
        """Whether the member is muted already."""
        return facts.guild_mute

    def canonical(self) -> object:
        """That it is wanted."""
        return True


@dataclass(frozen=True, slots=True)
class Unmute(Want):
    """Not muted by the server any more."""

    key: ClassVar[str] = "mute"
    effect: ClassVar[Effect] = Effect.UNMUTE
    lifts: ClassVar[bool] = True

    @property
    def slot(self) -> Slot:
        """The mute."""
        return MUTE

    def is_done(self, facts: Facts) -> bool:
        """Whether there is nothing to lift."""
        return not facts.guild_mute

    def canonical(self) -> object:
        """That it is to be lifted."""
        return False


def _compile(value: bool, _scope: Scope, _place: Place) -> tuple[Want, ...]:  # noqa: FBT001 - what the author wrote
    return (Mute() if value else Unmute(),)


KIND = EffectKind("mute", Bool, _compile)
