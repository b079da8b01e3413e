"""`then`, made of the effects that there are.

A new effect is a file of its own and one line in `KINDS`.
"""

from typing import TYPE_CHECKING, Any, Self

from pydantic import ConfigDict, Field, create_model, model_validator

from voxguard.policy import checks
from voxguard.policy.document import Document, Maybe, NotYet, refuse
from voxguard.policy.effects import allow, deafen, disconnect, move, mute
from voxguard.policy.effects.base import Want
from voxguard.policy.effects.kind import EffectKind
from voxguard.policy.json_schema.documented import Documented
from voxguard.policy.places import Place
from voxguard.policy.scope import Scope

KINDS: tuple[EffectKind, ...] = (
    allow.KIND,
    disconnect.KIND,
    move.KIND,
    deafen.KIND,
    mute.KIND,
)

LATER = ("suppress", "grant", "timeout", "warn", "announce", "hold")
"""Effects of the language, and what stands beside them, that this version does not know."""


_MAYBE: Any = Maybe


class ThenDocument(Document):
    """What a rule wants."""

    model_config = ConfigDict(
        json_schema_extra={"minProperties": 1, "not": {"required": ["disconnect", "move"]}}
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
        return self


def _document() -> type[ThenDocument]:
    keys: dict[str, Any] = {
        kind.key: (
            _MAYBE[kind.document],
            Field(
                default=None,
                json_schema_extra=Documented(kind.compile.__module__, "then", kind.key),
            ),
        )
        for kind in KINDS
    }
    keys |= dict.fromkeys(LATER, (NotYet, None))
    return create_model("Then", __base__=ThenDocument, __doc__=ThenDocument.__doc__, **keys)


# Made at run time of the kinds; to the type checker it is a document of unknown keys.
if TYPE_CHECKING:
    Then = ThenDocument
else:
    Then = _document()


def compile_then(
    document: ThenDocument, scope: Scope, place: Place
) -> tuple[tuple[Want, ...], bool]:
    """The wants in order of severity, and whether the rule says `allow`."""
    wants = (
        kind.compile(value, scope, place.child(kind.key))
        for kind in KINDS
        if (value := getattr(document, kind.key)) is not None
    )
    found = [want for want in wants if want is not None]
    return tuple(
        sorted(found, key=lambda want: want.severity)
    ), "allow" in document.model_fields_set
