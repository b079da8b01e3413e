"""What a test expects: `nothing`, or effects with their parameters, as decisions have them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import BeforeValidator, ConfigDict, Field, create_model, model_validator

from voxguard.model.decisions import NO_PARAMS, Effect
from voxguard.policy import checks
from voxguard.policy.document import Document, Maybe, refuse
from voxguard.policy.json_schema import vocabulary
from voxguard.policy.json_schema.shapes import Listed, OrShort
from voxguard.policy.places import Place
from voxguard.policy.scope import Scope
from voxguard.policy.values import Duration, OnlyTrue, Reference, Text, shown

Params = Mapping[str, object]


class AnnouncementDocument(Document):
    """A message that is expected in a channel, with its text as the rule has it."""

    channel: Reference = Field(description="Where, by an alias or an id.", examples=["mod-log"])
    text: Text = Field(
        description="The message as the rule has it.", examples=["{member} is muted."]
    )


@dataclass(frozen=True, slots=True)
class ExpectedKind:
    """One effect as tests name it, with a word about it and an example of its value.

    `params` gives the parameters of the decision, None where a name does not resolve.
    """

    key: str
    document: Any
    about: str
    example: object
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
        ExpectedKind(key, OnlyTrue, about, example=True, params=_nothing)
        for key, about in (
            ("disconnect", "The member is disconnected from voice."),
            ("deafen", "The member is deafened."),
            ("undeafen", "The member is deafened no more."),
            ("mute", "The member is muted."),
            ("unmute", "The member is muted no more."),
            ("suppress", "The member is put into the audience of the stage."),
            ("unsuppress", "The member may speak on the stage again."),
        )
    ),
    ExpectedKind("move", Reference, "The member is moved into this channel.", "afk", _channel),
    ExpectedKind("grant", Reference, "The member is given this role.", "dj", _role),
    ExpectedKind("revoke", Reference, "This role is taken from the member.", "dj", _role),
    ExpectedKind(
        "timeout",
        Duration,
        "The member is timed out for so long.",
        "10m",
        lambda value, *_: {"seconds": int(value.total_seconds())},
    ),
    ExpectedKind(
        "warn",
        Text,
        "The member is sent this message.",
        "Quiet, please.",
        lambda value, *_: {"text": value},
    ),
    ExpectedKind(
        "announce",
        AnnouncementDocument,
        "This message appears in a channel.",
        {"channel": "mod-log", "text": "{member} is muted."},
        _message,
    ),
)
"""Every effect that can be decided."""

KINDS = {Effect(kind.key): kind for kind in EVERY_KIND}

_MAYBE: Any = Maybe


class ExpectationDocument(Document):
    """One decision that is expected; without a `rule`, whichever rule decides it."""

    model_config = ConfigDict(
        json_schema_extra={"oneOf": [{"required": [effect.value]} for effect in KINDS]}
    )

    rule: Maybe[Reference] = Field(
        default=None,
        description="The rule that decides it; any will do when left out.",
        examples=["lobby-time-limit"],
    )

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
    keys: dict[str, Any] = {
        kind.key: (
            _MAYBE[kind.document],
            Field(default=None, description=kind.about, examples=[kind.example]),
        )
        for kind in EVERY_KIND
    }
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


Expected = Annotated[
    tuple[Expectation, ...],
    BeforeValidator(_as_expectations),
    Listed(at_least=1, or_mapping=True),
    OrShort(vocabulary.NOTHING),
]
"""What is expected of one member at one instant; `nothing` is empty."""
