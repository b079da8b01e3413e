"""What every document is: a frozen Pydantic model that knows its keys and no others."""

from typing import Annotated, Any, Final, NoReturn, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, WithJsonSchema
from pydantic_core import PydanticCustomError

from voxguard.policy import checks
from voxguard.policy.checks import Check


class Document(BaseModel):
    """A part of a policy file. An unknown key is an error; there is none that is ignored."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        protected_namespaces=(),
        model_title_generator=lambda model: model.__name__.removesuffix("Document"),
    )


SOMETHING: Final = ConfigDict(json_schema_extra={"minProperties": 1})
"""Of documents in which one key at least must stand: how the JSON Schema says it."""


def refuse(check: Check, message: str, hint: str | None = None) -> PydanticCustomError:
    """The error by which a validator refuses a value, in words that are shown as they are."""
    context = {"message": sentence(message), "hint": hint}
    return PydanticCustomError(check.id, "{message}", context)


def refuse_for(check: Check, error: ValueError) -> PydanticCustomError:
    """The same for an error of a part that knows nothing of checks: message; hint."""
    message, _, hint = str(error).partition("; ")
    return refuse(check, message, sentence(hint) if hint else None)


def sentence(text: str) -> str:
    """A text that begins and ends as a sentence does."""
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('?', '.')) else '.'}"


def _refuse_null(value: object) -> object:
    if value is None:
        raise refuse(checks.WRONG_TYPE, "There is no value here.", "Give one, or drop the key.")
    return value


T = TypeVar("T")

Maybe = Annotated[T | None, BeforeValidator(_refuse_null)]
"""A key that may be left out, which is not the same as one without a value."""


def _not_yet(_value: object) -> NoReturn:
    raise refuse(checks.NOT_SUPPORTED, _LATER)


_LATER = "This key of the language is not supported yet by this version."

NotYet = Annotated[
    Any,
    BeforeValidator(_not_yet),
    # Editors show the description and do not offer the key.
    WithJsonSchema({"not": {}, "description": _LATER, "doNotSuggest": True}),
]
"""A key of the language that this version does not carry out and so does not take."""
