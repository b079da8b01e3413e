"""`move: afk`: into that channel, by alias or id, once each time that the rule begins to hold.

Whoever goes elsewhere while it still holds is not fetched back.

```yaml
version: 1
rules:
  an-hour-is-enough:
    where: lobby
    for: 1h
    then: {move: afk}
```
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from voxguard.model.decisions import Effect
from voxguard.model.facts import Facts
from voxguard.model.ids import ChannelId
from voxguard.policy.effects.base import PLACEMENT, Slot, Want
from voxguard.policy.effects.kind import EffectKind
from voxguard.policy.places import Place
from voxguard.policy.scope import Scope
from voxguard.policy.values import Reference


@dataclass(frozen=True, slots=True)
class Move(Want):
    """Into a channel."""

    key: ClassVar[str] = "move"
    effect: ClassVar[Effect] = Effect.MOVE
    channel_id: ChannelId

    @property
    def slot(self) -> Slot:
        """Where the member is."""
        return PLACEMENT

    @property
    def target_id(self) -> ChannelId:
        """The channel."""
        return self.channel_id

    @property
    def params(self) -> Mapping[str, object]:
        """The channel's id."""
        return {"channel": str(self.channel_id)}

    def is_done(self, facts: Facts) -> bool:
        """Whether the member is there already."""
        return facts.channel_id == self.channel_id

    def canonical(self) -> object:
        """The channel's id."""
        return str(self.channel_id)


def _compile(name: str, scope: Scope, place: Place) -> tuple[Want, ...]:
    channel_id = scope.channel(name, place)
    return () if channel_id is None else (Move(channel_id),)


KIND = EffectKind("move", Reference, _compile)
