"""What a test expects: `nothing`, or effects with their parameters, as decisions have them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import BeforeValidator, create_model, model_validator

from voxguard.model.decisions import NO_PARAMS, Effect
from voxguard.policy import checks
from voxguard.policy.document import Document, Maybe, refuse
from voxguard.policy.places import Place
from voxguard.policy.scope import Scope
from voxguard.policy.values import Duration, OnlyTrue, Reference, Text, shown

Params = Mapping[str, object]


class AnnouncementDocument(Document):
    """A message that is expected in a channel, with its text as the rule has it."""

    channel: Reference
    text: Text


@dataclass(frozen=True, slots=True)
class ExpectedKind:
    """One effect as tests name it.

    `params` gives the parameters of the decision, None where a name does not resolve.
    """

    key: str
    document: Any
    params: Callable[[Any, Scope, Place], Params | None]


def _nothing(_value: object, _scope: Scope, _place: Place) -> Params:
    return NO_PARAMS


def _channel(name: str, scope: Scope, place: Place) -> Params | None:
    found = scope.channel(name, place)
    return None if found is None else {"channel": str(found)}


def _role(name: str, scope: Scope, place: Place) -> Params | None:
    found = scope.role(name, place)
    return None if found is None else {"role": str(found)}


def _message(value: AnnouncementDocument, scope: Scope, place: Place) -> Params | None:
    found = scope.channel(value.channel, place, "channel")
    return None if found is None else {"channel": str(found), "text": value.text}


EVERY_KIND = (
    *(
        ExpectedKind(key, OnlyTrue, _nothing)
        for key in (
            "disconnect",
            "deafen",
            "undeafen",
            "mute",
            "unmute",
            "suppress",
            "unsuppress",
        )
    ),
    ExpectedKind("move", Reference, _channel),
    ExpectedKind("grant", Reference, _role),
    ExpectedKind("revoke", Reference, _role),
    ExpectedKind("timeout", Duration, lambda value, *_: {"seconds": int(value.total_seconds())}),
    ExpectedKind("warn", Text, lambda value, *_: {"text": value}),
    ExpectedKind("announce", AnnouncementDocument, _message),
)
"""Every effect that can be decided."""

KINDS = {Effect(kind.key): kind for kind in EVERY_KIND}

_MAYBE: Any = Maybe


class ExpectationDocument(Document):
    """One decision that is expected; without a `rule`, whichever rule decides it."""

    rule: Maybe[Reference] = None

    @property
    def effects(self) -> list[Effect]:
        """The effects that are named: one, once the document has validated."""
        return [Effect(key) for key in sorted(self.model_fields_set - {"rule"})]

    @model_validator(mode="after")
    def _is_one_effect(self) -> Self:
        if not self.effects:
            raise refuse(checks.INVALID_VALUE, "No effect is named here.")
        if len(self.effects) > 1:
            raise refuse(
                checks.CONFLICT,
                "An expectation is of one effect.",
                "Write a list of them: [{mute: true}, {deafen: true}].",
            )
        return self


def _document() -> type[ExpectationDocument]:
    keys: dict[str, Any] = {kind.key: (_MAYBE[kind.document], None) for kind in EVERY_KIND}
    return create_model(
        "Expectation", __base__=ExpectationDocument, __doc__=ExpectationDocument.__doc__, **keys
    )


# Made at run time of the kinds; to the type checker it is a document of unknown keys.
if TYPE_CHECKING:
    Expectation = ExpectationDocument
else:
    Expectation = _document()


def _as_expectations(value: object) -> object:
    if value == "nothing":
        return []
    if isinstance(value, dict):
        return [value]
    if isinstance(value, list) and value:
        return value
    raise refuse(
        checks.WRONG_TYPE,
        f"`nothing`, an effect, or a list of effects is expected here, not {shown(value)}.",
        "An effect is written like {move: afk} or {mute: true}.",
    )


Expected = Annotated[tuple[Expectation, ...], BeforeValidator(_as_expectations)]
"""What is expected of one member at one instant; `nothing` is empty."""
