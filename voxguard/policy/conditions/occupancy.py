"""`where.occupancy`: how many people are connected to the channel, the member included.

Bots are not counted; people whom no rule may touch are. `min` and `max` are inclusive.

```yaml
version: 1
rules:
  alone:
    description: You have been alone here for half an hour.
    where: {occupancy: {max: 1}}
    for: 30m
    then: {move: afk}
```
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from voxguard.model.facts import Facts
from voxguard.policy.bounds import CountDocument
from voxguard.policy.conditions.base import Condition
from voxguard.policy.conditions.leaf import Leaf
from voxguard.policy.places import Place
from voxguard.policy.scope import Scope


@dataclass(frozen=True, slots=True)
class HasOccupancy(Condition):
    """The number of people in the channel lies between bounds, both of which belong to it."""

    path: ClassVar[str] = "where/occupancy"
    min: int | None
    max: int | None

    def matches(self, facts: Facts, at: datetime) -> bool:  # noqa: ARG002 - no time in it
        """Whether there are at least `min` and at most `max` people."""
        count = facts.occupancy
        return (self.min is None or count >= self.min) and (self.max is None or count <= self.max)

    @property
    def turns(self) -> frozenset[int]:
        """The counts from which on the verdict is another than one below."""
        most = None if self.max is None else self.max + 1
        return frozenset(bound for bound in (self.min, most) if bound is not None)

    def canonical(self) -> object:
        """The bounds, without those that are left out."""
        bounds = {"min": self.min, "max": self.max}
        return {key: bound for key, bound in bounds.items() if bound is not None}


def _compile(document: CountDocument, _scope: Scope, _place: Place) -> HasOccupancy:
    return HasOccupancy(document.min, document.max)


LEAF = Leaf(HasOccupancy, CountDocument, _compile)
