"""`when.schedule`: schedules that are open now.

```yaml
version: 1
schedules:
  quiet-hours:
    windows: [{start: "0 22 * * *", end: "0 8 * * *"}]
rules:
  night-silence:
    when: {schedule: quiet-hours}
    then: {mute: true}
```
"""

from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import ClassVar

from voxguard.model.facts import Facts
from voxguard.policy.conditions.base import Condition
from voxguard.policy.conditions.leaf import Leaf
from voxguard.policy.namesets import NameSet, NameSetDocument, Sets
from voxguard.policy.places import Place
from voxguard.policy.schedules import Schedule
from voxguard.policy.scope import Scope

Named = tuple[str, Schedule]


@dataclass(frozen=True, slots=True)
class IsOpen(Condition):
    """Schedules that are open or closed."""

    path: ClassVar[str] = "when/schedule"
    sets: Sets[Named]

    @property
    def timed(self) -> bool:
        """Always: time is all that it depends on."""
        return True

    def matches(self, facts: Facts, at: datetime) -> bool:  # noqa: ARG002 - nothing but time in it
        """Whether one of any, each of all, and none of none is open."""
        sets = self.sets
        if sets.any is not None and not _one_is_open(sets.any, at):
            return False
        for _, one in sets.all:
            if not one.at(at).is_open:
                return False
        return not _one_is_open(sets.none, at)

    def changes_at(self, facts: Facts, at: datetime) -> datetime | None:  # noqa: ARG002 - as above
        """When the first of the schedules may open or close."""
        sets = self.sets
        changes = (one.at(at).ask_again_at for _, one in chain(sets.any or (), sets.all, sets.none))
        return min((change for change in changes if change is not None), default=None)

    def canonical(self) -> object:
        """The names of the schedules."""
        return self.sets.canonical(lambda named: named[0])


def _one_is_open(schedules: tuple[Named, ...], at: datetime) -> bool:
    # Not any(): its generator would be made anew for every decision.
    for _, one in schedules:  # noqa: SIM110
        if one.at(at).is_open:
            return True
    return False


def _compile(document: NameSetDocument, scope: Scope, place: Place) -> IsOpen:
    def resolve(name: str, at: Place, *way: str | int) -> Named | None:
        found = scope.schedule(name, at, *way)
        return None if found is None else (name, found)

    return IsOpen(Sets.of(document, resolve, place))


LEAF = Leaf(IsOpen, NameSet, _compile)
