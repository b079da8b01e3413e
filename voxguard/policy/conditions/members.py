"""`who.members`: these users by their ids, one or a list of them.

```yaml
version: 1
rules:
  one-person-rests:
    who: {members: ["80351110224678912"]}
    then: {deafen: true}
```
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from voxguard.model.facts import Facts
from voxguard.model.ids import UserId
from voxguard.policy.conditions.base import Condition, Key, KeyKind
from voxguard.policy.conditions.leaf import Leaf
from voxguard.policy.places import Place
from voxguard.policy.scope import Scope
from voxguard.policy.values import Id, OneOrMany


@dataclass(frozen=True, slots=True)
class IsMember(Condition):
    """Being one of certain users."""

    path: ClassVar[str] = "who/members"
    ids: frozenset[UserId]

    def matches(self, facts: Facts, at: datetime) -> bool:  # noqa: ARG002 - no time in it
        """Whether the user is one of them."""
        return facts.user_id in self.ids

    def required(self) -> tuple[frozenset[Key], ...]:
        """One of the users."""
        return (frozenset(Key(KeyKind.MEMBER, user_id) for user_id in self.ids),)

    def canonical(self) -> object:
        """The ids."""
        return [str(user_id) for user_id in sorted(self.ids)]


def _compile(ids: tuple[int, ...], _scope: Scope, _place: Place) -> IsMember:
    return IsMember(frozenset(UserId(user_id) for user_id in ids))


LEAF = Leaf(IsMember, OneOrMany[Id], _compile)
