"""`when.channel_entries`: how often the member's channel must have been entered just now.

Everybody's entries count, those of bots as well, and the rule may hold for whoever is in the
channel. Where the program has moved somebody, that is nobody's entry.

```yaml
version: 1
rules:
  a-raid-is-quiet:
    description: Too many people are coming at once.
    where: lobby
    when: {channel_entries: {min: 20, within: 10s}}
    then: {mute: true, hold: 1m}
```
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from voxguard.model.facts import Facts
from voxguard.policy.conditions.base import Condition
from voxguard.policy.conditions.leaf import Leaf
from voxguard.policy.places import Place
from voxguard.policy.recent import Recent, RecentDocument
from voxguard.policy.scope import Scope


@dataclass(frozen=True, slots=True)
class HasChannelEntries(Condition):
    """The member's channel was entered at least so often within a time."""

    path: ClassVar[str] = "when/channel_entries"
    recent: Recent

    @property
    def timed(self) -> bool:
        """Always: entries grow old."""
        return True

    def matches(self, facts: Facts, at: datetime) -> bool:
        """Whether there were enough entries."""
        return self.recent.reached(facts.channel_entry_at, at)

    def changes_at(self, facts: Facts, at: datetime) -> datetime | None:
        """When there are too few, if no more come."""
        return self.recent.changes_at(facts.channel_entry_at, at)

    def canonical(self) -> object:
        """The number, and the time in seconds."""
        return self.recent.canonical()


def _compile(document: RecentDocument, _scope: Scope, _place: Place) -> HasChannelEntries:
    return HasChannelEntries(Recent(document.min, document.within))


LEAF = Leaf(HasChannelEntries, RecentDocument, _compile)
