"""`then`, made of the effects that there are, and the steps of `escalate`, made of the same.

A new effect is a file of its own and one line in `KINDS`.
"""

from typing import TYPE_CHECKING, Any, Final, Self

from pydantic import ConfigDict, Field, create_model, model_validator

from voxguard.policy import checks
from voxguard.policy.document import Document, Maybe, refuse
from voxguard.policy.effects import (
    allow,
    announce,
    deafen,
    disconnect,
    grant,
    move,
    mute,
    suppress,
    timeout,
    warn,
)
from voxguard.policy.effects.kind import EffectKind
from voxguard.policy.effects.step import Step
from voxguard.policy.json_schema.documented import Documented
from voxguard.policy.places import Place
from voxguard.policy.scope import Scope
from voxguard.policy.values import Duration

KINDS: tuple[EffectKind, ...] = (
    allow.KIND,
    disconnect.KIND,
    timeout.KIND,
    move.KIND,
    deafen.KIND,
    mute.KIND,
    suppress.KIND,
    grant.KIND,
    warn.KIND,
    announce.KIND,
)

HELD: Final = ("mute", "deafen", "suppress", "grant")
"""The keys whose effects last; `false` lifts instead."""

_MAYBE: Any = Maybe


def _named(key: str, value: object = None) -> dict[str, Any]:
    """The JSON Schema of mappings in which a key stands, with that value if it is given."""
    named: dict[str, Any] = {"required": [key]}
    return named if value is None else named | {"properties": {key: {"const": value}}}


_SCHEMA: Final[dict[str, Any]] = {
    "minProperties": 1,
    "not": {"required": ["disconnect", "move"]},
    "if": {"required": ["hold"]},
    "then": {
        "anyOf": [
            _named("mute", value=True),
            _named("deafen", value=True),
            _named("suppress"),
            _named("grant"),
        ]
    },
}


class EffectsDocument(Document):
    """What a rule wants, all of it at once."""

    model_config = ConfigDict(json_schema_extra=_SCHEMA)

    hold: Maybe[Duration] = Field(
        default=None,
        description="How long the held effects beside it (mute, deafen, suppress, grant) last at "
        "least, also when the rule has stopped holding.",
        examples=["10m"],
    )

    @model_validator(mode="after")
    def _is_possible(self) -> Self:
        keys = self.model_fields_set
        if not keys:
            raise refuse(checks.INVALID_VALUE, "No effect is named here.")
        if {"disconnect", "move"} <= keys:
            raise refuse(
                checks.CONFLICT, "`disconnect` and `move` cannot stand together.", "Keep one."
            )
        if self.hold is not None and not any(getattr(self, key) for key in HELD):
            raise refuse(
                checks.CONFLICT,
                "`hold` has nothing to hold.",
                f"It stands beside one of {', '.join(HELD)}.",
            )
        return self


def _document(name: str, kinds: tuple[EffectKind, ...]) -> type[EffectsDocument]:
    keys: dict[str, Any] = {
        kind.key: (
            _MAYBE[kind.document],
            Field(
                default=None,
                json_schema_extra=Documented(kind.compile.__module__, "then", kind.key),
            ),
        )
        for kind in kinds
    }
    return create_model(name, __base__=EffectsDocument, __doc__=EffectsDocument.__doc__, **keys)


# Made at run time of the kinds; to the type checker they are documents of unknown keys.
if TYPE_CHECKING:
    Then = EffectsDocument
    StepThen = EffectsDocument
else:
    Then = _document("Then", KINDS)
    StepThen = _document("Step", tuple(kind for kind in KINDS if kind is not allow.KIND))


def compile_effects(document: EffectsDocument, scope: Scope, place: Place) -> Step:
    """What is wanted, in order of severity."""
    wants = [
        want
        for kind in KINDS
        if (value := getattr(document, kind.key, None)) is not None
        for want in kind.compile(value, scope, place.child(kind.key))
    ]
    return Step(tuple(sorted(wants, key=lambda want: want.severity)), document.hold)


def allows(document: EffectsDocument) -> bool:
    """Whether `allow` stands there."""
    return allow.KIND.key in document.model_fields_set
