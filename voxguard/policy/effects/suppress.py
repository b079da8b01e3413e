"""`suppress: true`: in the audience of a stage while the rule holds; in other channels nothing.

Discord puts whoever enters a stage into its audience: what the rule undoes is an invitation to
speak. It ends by itself when the member leaves the channel.

```yaml
version: 1
rules:
  only-staff-speaks:
    who: {roles: {none: staff}}
    where: {kinds: stage}
    then: {suppress: true}
```
"""

from dataclasses import dataclass
from typing import ClassVar

from voxguard.model.decisions import Effect
from voxguard.model.facts import Facts
from voxguard.model.world import ChannelKind
from voxguard.policy.effects.base import SUPPRESS, Slot, Want
from voxguard.policy.effects.kind import EffectKind
from voxguard.policy.places import Place
from voxguard.policy.scope import Scope
from voxguard.policy.values import OnlyTrue


@dataclass(frozen=True, slots=True)
class Suppress(Want):
    """In the audience of a stage while the rule holds."""

    key: ClassVar[str] = "suppress"
    effect: ClassVar[Effect] = Effect.SUPPRESS
    release: ClassVar[Effect | None] = Effect.UNSUPPRESS

    @property
    def slot(self) -> Slot:
        """The audience."""
        return SUPPRESS

    def is_possible(self, facts: Facts) -> bool:
        """Whether the member is in a stage channel."""
        return facts.channel_kind is ChannelKind.STAGE

    def is_done(self, facts: Facts) -> bool:
        """Whether the member is in the audience already."""
        return facts.suppressed

    def canonical(self) -> object:
        """That it is wanted."""
        return True


def _compile(_value: bool, _scope: Scope, _place: Place) -> tuple[Want, ...]:  # noqa: FBT001 - always True
    return (Suppress(),)


KIND = EffectKind("suppress", OnlyTrue, _compile)
