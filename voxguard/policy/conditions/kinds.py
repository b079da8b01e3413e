"""`where.kinds`: the kind of the channel, `voice` or `stage`, one or both.

```yaml
version: 1
rules:
  stages-end:
    where: {kinds: stage}
    for: 3h
    then: {disconnect: true}
```
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

from voxguard.model.facts import Facts
from voxguard.model.world import ChannelKind
from voxguard.policy.conditions.base import Condition
from voxguard.policy.conditions.leaf import Leaf
from voxguard.policy.places import Place
from voxguard.policy.scope import Scope
from voxguard.policy.values import OneOrMany


@dataclass(frozen=True, slots=True)
class OfKinds(Condition):
    """Being in a channel of certain kinds."""

    path: ClassVar[str] = "where/kinds"
    kinds: frozenset[ChannelKind]

    def matches(self, facts: Facts, at: datetime) -> bool:  # noqa: ARG002 - no time in it
        """Whether the channel is of one of the kinds."""
        return facts.channel_kind in self.kinds

    def canonical(self) -> object:
        """The kinds by name."""
        return sorted(kind.value for kind in self.kinds)


def _compile(kinds: tuple[str, ...], _scope: Scope, _place: Place) -> OfKinds:
    return OfKinds(frozenset(ChannelKind(kind) for kind in kinds))


LEAF = Leaf(OfKinds, OneOrMany[Literal["voice", "stage"]], _compile)
