"""`who.account_age`: the age of the Discord account, which its id tells.

It reaches `min` at exactly that age, and leaves `max` at exactly that age.

```yaml
version: 1
rules:
  new-accounts-listen:
    description: Accounts younger than a week may listen.
    who: {account_age: {max: 7d}}
    where: lobby
    then: {mute: true}
```
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from voxguard.model.facts import Facts
from voxguard.model.ids import created_at
from voxguard.policy.bounds import AgeDocument, Ages
from voxguard.policy.conditions.base import Condition
from voxguard.policy.conditions.leaf import Leaf
from voxguard.policy.places import Place
from voxguard.policy.scope import Scope


@dataclass(frozen=True, slots=True)
class HasAccountAge(Condition):
    """The account's age lies between bounds."""

    path: ClassVar[str] = "who/account_age"
    ages: Ages

    @property
    def timed(self) -> bool:
        """Always: everybody grows older."""
        return True

    def matches(self, facts: Facts, at: datetime) -> bool:
        """Whether the account has reached `min` and not yet `max`."""
        return self.ages.hold(created_at(facts.user_id), at)

    def changes_at(self, facts: Facts, at: datetime) -> datetime | None:
        """When the account next reaches a bound."""
        return self.ages.changes_at(created_at(facts.user_id), at)

    def canonical(self) -> object:
        """The bounds in seconds."""
        return self.ages.canonical()


def _compile(document: AgeDocument, _scope: Scope, _place: Place) -> HasAccountAge:
    return HasAccountAge(Ages(document.min, document.max))


LEAF = Leaf(HasAccountAge, AgeDocument, _compile)
