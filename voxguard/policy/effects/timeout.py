"""`timeout: 10m`: neither speaking nor writing for so long, and out of voice; at most 28 days.

It happens once each time that the rule begins to hold. The owner and administrators cannot be
timed out.

```yaml
version: 1
lists:
  raiders: {entries: ["80351110224678912"]}
rules:
  raiders-cool-down:
    who: {lists: raiders}
    then: {timeout: 10m}
```
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, ClassVar, Final

from pydantic import AfterValidator

from voxguard.model.decisions import Effect
from voxguard.model.facts import Facts
from voxguard.policy import checks
from voxguard.policy.document import refuse
from voxguard.policy.effects.base import TIMEOUT, Slot, Want
from voxguard.policy.effects.kind import EffectKind
from voxguard.policy.places import Place
from voxguard.policy.scope import Scope
from voxguard.policy.values import Duration

LONGEST: Final = timedelta(days=28)
"""Discord developer documentation, "Modify Guild Member"."""


def _check_length(value: timedelta) -> timedelta:
    if value > LONGEST:
        raise refuse(checks.INVALID_VALUE, f"A timeout lasts at most {LONGEST.days} days.")
    return value


@dataclass(frozen=True, slots=True)
class Timeout(Want):
    """Communication disabled for a time."""

    key: ClassVar[str] = "timeout"
    effect: ClassVar[Effect] = Effect.TIMEOUT
    length: timedelta

    @property
    def slot(self) -> Slot:
        """The timeout."""
        return TIMEOUT

    @property
    def params(self) -> Mapping[str, object]:
        """The length in seconds."""
        return {"seconds": self.seconds}

    @property
    def seconds(self) -> int:
        """The length in seconds."""
        return int(self.length.total_seconds())

    def is_done(self, facts: Facts) -> bool:  # noqa: ARG002 - whoever has facts is in voice
        """Never: whoever is timed out is out of voice."""
        return False

    def canonical(self) -> object:
        """The length in seconds."""
        return self.seconds


def _compile(length: timedelta, _scope: Scope, _place: Place) -> tuple[Want, ...]:
    return (Timeout(length),)


KIND = EffectKind("timeout", Annotated[Duration, AfterValidator(_check_length)], _compile)
