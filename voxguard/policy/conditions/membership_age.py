"""`who.membership_age`: for how long the member has been in the guild.

It reaches `min` at exactly that age, and leaves `max` at exactly that age. Of somebody of
whom it is not known it does not match, whatever the bounds.

```yaml
version: 1
rules:
  newcomers-listen:
    description: In your first hour you may listen.
    who: {membership_age: {max: 1h}}
    where: lobby
    then: {mute: true}
```
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from voxguard.model.facts import Facts
from voxguard.policy.bounds import AgeDocument, Ages
from voxguard.policy.conditions.base import Condition
from voxguard.policy.conditions.leaf import Leaf
from voxguard.policy.places import Place
from voxguard.policy.scope import Scope


@dataclass(frozen=True, slots=True)
class HasMembershipAge(Condition):
    """The time since the member joined the guild is known and lies between bounds."""

    path: ClassVar[str] = "who/membership_age"
    ages: Ages

    @property
    def timed(self) -> bool:
        """Always: membership grows older."""
        return True

    def matches(self, facts: Facts, at: datetime) -> bool:
        """Whether the membership has reached `min` and not yet `max`."""
        return facts.joined_at is not None and self.ages.hold(facts.joined_at, at)

    def changes_at(self, facts: Facts, at: datetime) -> datetime | None:
        """When the membership next reaches a bound."""
        return None if facts.joined_at is None else self.ages.changes_at(facts.joined_at, at)

    def canonical(self) -> object:
        """The bounds in seconds."""
        return self.ages.canonical()


def _compile(document: AgeDocument, _scope: Scope, _place: Place) -> HasMembershipAge:
    return HasMembershipAge(Ages(document.min, document.max))


LEAF = Leaf(HasMembershipAge, AgeDocument, _compile)
