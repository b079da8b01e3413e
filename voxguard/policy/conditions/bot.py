"""`who.bot`: whether the user is a bot. Bots are exempt by default all the same.

```yaml
version: 1
rules:
  people-not-bots:
    who: {bot: false}
    where: music
    then: {mute: true}
```
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from voxguard.model.facts import Facts
from voxguard.policy.conditions.base import Condition
from voxguard.policy.conditions.leaf import Leaf
from voxguard.policy.places import Place
from voxguard.policy.scope import Scope
from voxguard.policy.values import Bool


@dataclass(frozen=True, slots=True)
class IsBot(Condition):
    """Being a bot, or not being one."""

    path: ClassVar[str] = "who/bot"
    wanted: bool

    def matches(self, facts: Facts, at: datetime) -> bool:  # noqa: ARG002 - no time in it
        """Whether the user is what is wanted."""
        return facts.bot == self.wanted

    def canonical(self) -> object:
        """What is wanted."""
        return self.wanted


def _compile(wanted: bool, _scope: Scope, _place: Place) -> IsBot:  # noqa: FBT001 - the value itself
    return IsBot(wanted)


LEAF = Leaf(IsBot, Bool, _compile)
