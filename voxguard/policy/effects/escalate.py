"""`escalate`: other effects each time that the rule acts again: a step each, then always the last.

It stands in place of `then`. A time counts when the rule has decided something in it, and for
`forget_after` since then.

```yaml
version: 1
rules:
  no-cameras:
    description: No cameras in the lobby.
    where: lobby
    when: {state: {camera: true}}
    for: 10s
    escalate:
      forget_after: 7d
      steps:
        - {warn: No cameras in the lobby.}
        - {mute: true, hold: 10m}
        - {disconnect: true}
```
"""

from typing import Annotated, Final

from pydantic import AfterValidator, Field

from voxguard.policy import checks
from voxguard.policy.document import Document, refuse
from voxguard.policy.effects.step import Step
from voxguard.policy.effects.then import EffectsDocument, StepThen, compile_effects
from voxguard.policy.json_schema.shapes import Listed
from voxguard.policy.places import Place
from voxguard.policy.scope import Scope
from voxguard.policy.values import Duration

MOST_STEPS: Final = 100
"""More than any escalation needs."""


def _check_steps(steps: tuple[EffectsDocument, ...]) -> tuple[EffectsDocument, ...]:
    if not steps:
        raise refuse(checks.INVALID_VALUE, "There is no step here.")
    if len(steps) > MOST_STEPS:
        raise refuse(
            checks.INVALID_VALUE, f"These are {len(steps)} steps; {MOST_STEPS} at most are taken."
        )
    return steps


Steps = Annotated[
    tuple[StepThen, ...], AfterValidator(_check_steps), Listed(at_least=1, at_most=MOST_STEPS)
]


class EscalateDocument(Document):
    """Ever other effects for whoever does it again."""

    forget_after: Duration = Field(
        description="How long it counts that the rule has acted on the member, since it did.",
        examples=["7d"],
    )
    steps: Steps = Field(
        description="The effects of the first time, of the second and so on; then always the last.",
        examples=[[{"warn": "No cameras in the lobby."}, {"mute": True, "hold": "10m"}]],
    )


def compile_steps(document: EscalateDocument, scope: Scope, place: Place) -> tuple[Step, ...]:
    """The steps in order."""
    at = place.child("steps")
    return tuple(
        compile_effects(step, scope, at.child(index)) for index, step in enumerate(document.steps)
    )
