"""`when.state`: what the member's voice state must be, as booleans.

`self_mute`, `self_deaf`, `camera` and `streaming` are the member's own doing,
`guild_mute` and `guild_deaf` a moderator's or a rule's, `suppressed` a stage's audience.

```yaml
version: 1
rules:
  away:
    when: {state: {self_deaf: true}}
    for: 15m
    then: {move: afk}
```
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any, ClassVar, Self

from pydantic import Field, model_validator

from voxguard.model.facts import Facts
from voxguard.policy import checks
from voxguard.policy.conditions.base import Condition
from voxguard.policy.conditions.leaf import Leaf
from voxguard.policy.document import SOMETHING, Document, Maybe, refuse
from voxguard.policy.places import Place
from voxguard.policy.scope import Scope
from voxguard.policy.values import Bool


class StateDocument(Document):
    """Flags of a voice state and what each must be."""

    model_config = SOMETHING

    self_mute: Maybe[Bool] = Field(
        default=None, description="Muted by the member.", examples=[True]
    )
    self_deaf: Maybe[Bool] = Field(
        default=None, description="Deafened by the member.", examples=[True]
    )
    camera: Maybe[Bool] = Field(default=None, description="The camera is on.", examples=[True])
    streaming: Maybe[Bool] = Field(
        default=None, description="The member shares a screen.", examples=[True]
    )
    guild_mute: Maybe[Bool] = Field(
        default=None, description="Muted by a moderator or a rule.", examples=[False]
    )
    guild_deaf: Maybe[Bool] = Field(
        default=None, description="Deafened by a moderator or a rule.", examples=[False]
    )
    suppressed: Maybe[Bool] = Field(
        default=None, description="In the audience of a stage channel.", examples=[True]
    )

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set:
            raise refuse(checks.INVALID_VALUE, "No flag of the voice state is named here.")
        return self


_READERS: dict[str, Callable[[Any], bool]] = {
    flag: attrgetter(flag) for flag in StateDocument.model_fields
}


@dataclass(frozen=True, slots=True)
class HasState(Condition):
    """Flags of the voice state, sorted by name, and what each must be."""

    path: ClassVar[str] = "when/state"
    flags: tuple[tuple[str, bool], ...]

    def matches(self, facts: Facts, at: datetime) -> bool:  # noqa: ARG002 - no time in it
        """Whether every flag is as it must be."""
        # Not all(): its generator would be made anew for every decision.
        for flag, wanted in self.flags:  # noqa: SIM110
            if _READERS[flag](facts) is not wanted:
                return False
        return True

    def canonical(self) -> object:
        """The flags by name."""
        return dict(self.flags)


def _compile(document: StateDocument, _scope: Scope, _place: Place) -> HasState:
    return HasState(tuple(sorted(document.model_dump(exclude_unset=True).items())))


LEAF = Leaf(HasState, StateDocument, _compile)
