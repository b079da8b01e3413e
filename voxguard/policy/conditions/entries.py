"""`when.entries`: how often the member must have entered channels of the guild just now.

Joining and changing channel are entries, also leaving and coming back into the same channel;
the present one counts. Where the program has moved somebody, that is nobody's entry.

```yaml
version: 1
rules:
  no-hopping:
    description: Please do not hop from channel to channel.
    when: {entries: {min: 5, within: 30s}}
    then: {timeout: 1m}
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
class HasEntries(Condition):
    """The member has entered channels at least so often within a time."""

    path: ClassVar[str] = "when/entries"
    recent: Recent

    @property
    def timed(self) -> bool:
        """Always: entries grow old."""
        return True

    def matches(self, facts: Facts, at: datetime) -> bool:
        """Whether there were enough entries."""
        return self.recent.reached(facts.entry_at, at)

    def changes_at(self, facts: Facts, at: datetime) -> datetime | None:
        """When there are too few, if no more come."""
        return self.recent.changes_at(facts.entry_at, at)

    def canonical(self) -> object:
        """The number, and the time in seconds."""
        return self.recent.canonical()


def _compile(document: RecentDocument, _scope: Scope, _place: Place) -> HasEntries:
    return HasEntries(Recent(document.min, document.within))


LEAF = Leaf(HasEntries, RecentDocument, _compile)
