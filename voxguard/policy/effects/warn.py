"""`warn`: a direct message to the member, as it is written, once each time the rule begins to hold.

Nothing is filled in. A member who takes no direct messages is an outcome in the log, not an
error.

```yaml
version: 1
rules:
  cameras-off-in-the-lobby:
    where: lobby
    when: {state: {camera: true}}
    for: 1m
    then: {warn: Please switch your camera off in the lobby.}
```
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from voxguard.model.decisions import Effect
from voxguard.model.facts import Facts
from voxguard.policy.effects.base import Want
from voxguard.policy.effects.kind import EffectKind
from voxguard.policy.effects.message import Message
from voxguard.policy.places import Place
from voxguard.policy.scope import Scope


@dataclass(frozen=True, slots=True)
class Warn(Want):
    """A direct message to the member."""

    key: ClassVar[str] = "warn"
    effect: ClassVar[Effect] = Effect.WARN
    text: str

    @property
    def slot(self) -> None:
        """No slot: it is a message."""

    @property
    def params(self) -> Mapping[str, object]:
        """The text."""
        return {"text": self.text}

    def is_done(self, facts: Facts) -> bool:  # noqa: ARG002 - nothing in them says it
        """Never: a message can always be sent."""
        return False

    def canonical(self) -> object:
        """The text."""
        return self.text


def _compile(text: str, _scope: Scope, _place: Place) -> tuple[Want, ...]:
    return (Warn(text),)


KIND = EffectKind("warn", Message, _compile)
