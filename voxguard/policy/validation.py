"""From Pydantic's errors to problems: where it is, what it is, in plain sentences."""

from collections.abc import Iterator
from typing import Annotated, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.dataclasses import is_pydantic_dataclass
from pydantic_core import ErrorDetails

from voxguard.policy import checks
from voxguard.policy.checks import BY_ID, Check
from voxguard.policy.places import Place
from voxguard.policy.report import MAX_IN_FILE, Report
from voxguard.policy.scope import did_you_mean
from voxguard.policy.values import shown

D = TypeVar("D", bound=BaseModel)

_WANTED = {
    "string_type": ("A text", "Quote it to make it a text."),
    "bool_type": ("true or false", None),
    "int_type": ("A whole number", None),
    "int_from_float": ("A whole number", None),
    "tuple_type": ("A list", None),
    "list_type": ("A list", None),
    "dict_type": ("A mapping (`key: value`)", None),
    "model_type": ("A mapping (`key: value`)", None),
    "dataclass_type": ("A mapping (`key: value`)", None),
}


def validate(model: type[D], value: object, place: Place, report: Report) -> D | None:
    """The document that a value is; None when it is none, and then the report says why."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        found = error.errors(include_url=False)
        for details in found[:MAX_IN_FILE]:
            _translate(details, model, place, report)
        report.leave_out(place.file, len(found[MAX_IN_FILE:]))
        return None


def _translate(details: ErrorDetails, model: type[BaseModel], root: Place, report: Report) -> None:
    kind, context = details["type"], details.get("ctx", {})
    parts = details["loc"]
    if parts and parts[-1] == "[key]":
        place = root.follow(parts[:-1])
        report.error(BY_ID[kind], place.at_key, context["message"], context["hint"])
        return
    place = root.follow(parts)
    if kind == checks.NOT_SUPPORTED.id:
        report.error(BY_ID[kind], place.at_key, f"`{parts[-1]}`: {details['msg']}")
    elif kind in BY_ID:
        report.error(BY_ID[kind], place, details["msg"], context.get("hint"))
    elif kind in ("extra_forbidden", "unexpected_keyword_argument"):
        key = str(parts[-1])
        hint = did_you_mean(key, _keys_at(model, parts[:-1]))
        report.error(checks.UNKNOWN_KEY, place.at_key, f"There is no key {shown(key)} here.", hint)
    elif kind == "missing":
        check, message = _missing(str(parts[-1]))
        report.error(check, place, message)
    else:
        check, message, hint = _plain(details)
        report.error(check, place, message, hint)


def _missing(key: str) -> tuple[Check, str]:
    if key == "version":
        return checks.VERSION, "The file does not begin with `version: 1`."
    return checks.MISSING_KEY, f"The key `{key}` is missing here."


def _plain(details: ErrorDetails) -> tuple[Check, str, str | None]:
    kind, value, context = details["type"], details["input"], details.get("ctx", {})
    if value is None and not details["loc"]:
        return checks.VERSION, "The file is empty.", "A policy file begins with `version: 1`."
    if value is None:
        return checks.WRONG_TYPE, "There is no value here.", "Give one, or drop the key."
    if kind in _WANTED:
        wanted, hint = _WANTED[kind]
        message = f"{wanted} is expected here, not {shown(value)}."
        return checks.WRONG_TYPE, message[:1].upper() + message[1:], hint
    if kind in ("enum", "literal_error"):
        return (
            checks.INVALID_VALUE,
            f"{shown(value)} is none of {context['expected'].replace(chr(39), '')}.",
            None,
        )
    if kind in ("greater_than_equal", "less_than_equal"):
        limit = f"at least {context['ge']}" if "ge" in context else f"at most {context['le']}"
        return checks.INVALID_VALUE, f"This must be {limit}, not {shown(value)}.", None
    return checks.INVALID_VALUE, f"{details['msg']}.", None


def _keys_at(model: type[BaseModel], parts: tuple[int | str, ...]) -> set[str]:
    """The keys that documents can have at a place; several when it is one of several."""
    candidates: set[object] = {model}
    for part in parts:
        # A tag of a union is not in the document: then the candidates stay as they are.
        candidates = {inner for one in candidates for inner in _below(one, part)} or candidates
    return {key for one in candidates for key in _fields(one)}


def _fields(model: object) -> dict[str, object]:
    if not isinstance(model, type):
        return {}
    if is_pydantic_dataclass(model):
        return {name: field.annotation for name, field in model.__pydantic_fields__.items()}
    fields = model.model_fields if issubclass(model, BaseModel) else {}
    return {field.alias or name: field.annotation for name, field in fields.items()}


def _below(model: object, part: int | str) -> Iterator[object]:
    fields = _fields(model)
    if part in fields:
        yield from _documents(fields[str(part)])
    elif get_origin(model) is dict:
        yield from _documents(get_args(model)[1])


def _documents(annotation: object) -> Iterator[object]:
    """The documents and mappings inside an annotation."""
    origin = get_origin(annotation)
    if origin is dict or _fields(annotation):
        yield annotation
    elif origin is Annotated:
        yield from _documents(get_args(annotation)[0])
    else:
        for argument in get_args(annotation):
            yield from _documents(argument)
