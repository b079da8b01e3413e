"""`disconnect: true`: out of voice, once each time that the rule begins to hold.

Whoever comes back while they are still meant is disconnected again: that is a new time.

```yaml
version: 1
lists:
  blocked: {entries: ["80351110224678912"]}
rules:
  blocked-stay-out:
    who: {lists: blocked}
    then: {disconnect: true}
```
"""

from dataclasses import dataclass
from typing import ClassVar

from voxguard.model.decisions import Effect
from voxguard.model.facts import Facts
from voxguard.policy.effects.base import PLACEMENT, Slot, Want
from voxguard.policy.effects.kind import EffectKind
from voxguard.policy.places import Place
from voxguard.policy.scope import Scope
from voxguard.policy.values import OnlyTrue


@dataclass(frozen=True, slots=True)
class Disconnect(Want):
    """Out of voice."""

    key: ClassVar[str] = "disconnect"
    effect: ClassVar[Effect] = Effect.DISCONNECT

    @property
    def slot(self) -> Slot:
        """Where the member is."""
        return PLACEMENT

    def is_done(self, facts: Facts) -> bool:  # noqa: ARG002 - whoever has facts is connected
        """Never, since only connected members are decided."""
        return False

    def canonical(self) -> object:
        """That it is wanted."""
        return True


def _compile(_value: bool, _scope: Scope, _place: Place) -> tuple[Want, ...]:  # noqa: FBT001 - always True
    return (Disconnect(),)


KIND = EffectKind("disconnect", OnlyTrue, _compile)
