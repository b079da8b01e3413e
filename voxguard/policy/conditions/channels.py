"""`where.channels`: the channel, or the category that it is in, by alias or id.

`where: [lobby, music]` is short for `where: {channels: [lobby, music]}`.

```yaml
version: 1
rules:
  no-camping:
    where: {channels: {any: [lobby, music]}}
    for: 1h
    then: {move: afk}
```
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from voxguard.model.facts import Facts
from voxguard.model.ids import ChannelId
from voxguard.policy.conditions.base import Condition, Key, KeyKind
from voxguard.policy.conditions.leaf import Leaf
from voxguard.policy.namesets import NameSet, NameSetDocument, Sets, canonical_ids
from voxguard.policy.places import Place
from voxguard.policy.scope import Scope


@dataclass(frozen=True, slots=True)
class InChannels(Condition):
    """Channels and categories in which the member is or is not."""

    path: ClassVar[str] = "where/channels"
    any: frozenset[ChannelId] | None = None
    all: frozenset[ChannelId] = field(default_factory=frozenset)
    none: frozenset[ChannelId] = field(default_factory=frozenset)

    def matches(self, facts: Facts, at: datetime) -> bool:  # noqa: ARG002 - no time in it
        """Whether the member is in one of any, in each of all, and in none of none."""
        return self.include(facts.channel_id, facts.category_id)

    def include(self, channel_id: ChannelId, category_id: ChannelId | None) -> bool:
        """Whether a channel in a category, or in none, is meant."""
        if self.any is not None and channel_id not in self.any and category_id not in self.any:
            return False
        for one in self.all:
            if one not in (channel_id, category_id):
                return False
        return channel_id not in self.none and category_id not in self.none

    def required(self) -> tuple[frozenset[Key], ...]:
        """One of the channels of any; each channel of all."""
        alternatives = [] if self.any is None else [self.any]
        return tuple(
            frozenset(Key(KeyKind.CHANNEL, channel_id) for channel_id in some)
            for some in (*alternatives, *({channel_id} for channel_id in sorted(self.all)))
        )

    def canonical(self) -> object:
        """The ids of the channels and categories."""
        return canonical_ids(self.any, self.all, self.none)


def _compile(document: NameSetDocument, scope: Scope, place: Place) -> InChannels:
    sets = Sets.of(document, scope.channel, place)
    return InChannels(
        None if sets.any is None else frozenset(sets.any), frozenset(sets.all), frozenset(sets.none)
    )


LEAF = Leaf(InChannels, NameSet, _compile)
