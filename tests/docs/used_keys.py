"""Which keys of the language a file uses, by the JSON Schema that is made of the models."""

from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from jsonschema import Draft202012Validator

from voxguard.policy.json_schema.generator import policy_schema

_SCHEMA: Final = policy_schema()
_DEFINITIONS: Final[dict[str, Any]] = {**_SCHEMA["$defs"], "File": _SCHEMA}

# A step of an escalation is made of the same effects.
_SAME: Final = {"Step": "Then"}

Key = tuple[str, str]
"""The model in which a key stands, and the key."""


def every_key() -> set[Key]:
    """All keys that can be written, those aside that are refused as not supported yet."""
    return {
        (_SAME.get(name, name), key)
        for name, definition in _DEFINITIONS.items()
        for key, schema in definition.get("properties", {}).items()
        if schema.get("not") != {}
    }


def used_keys(file: object) -> set[Key]:
    """The keys that stand in a file which is valid."""
    return set(_walk(file, {"$ref": "#/$defs/File"}, "File"))


def _walk(value: object, schema: dict[str, Any], name: str) -> Iterator[Key]:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        yield from _walk(value, _DEFINITIONS[name], name)
    for form in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        if isinstance(value, dict | list) and "$ref" in form and not _fits(value, form["$ref"]):
            continue
        yield from _walk(value, form, name)
    if isinstance(value, list) and "items" in schema:
        for item in value:
            yield from _walk(item, schema["items"], name)
    if isinstance(value, dict):
        properties = schema.get("properties", {})
        others = schema.get("additionalProperties")
        for key, each in value.items():
            if key in properties:
                yield _SAME.get(name, name), key
                yield from _walk(each, properties[key], name)
            elif isinstance(others, dict):
                yield from _walk(each, others, name)


def _fits(value: object, reference: str) -> bool:
    """Whether it is this one of the forms in which a value may be written."""
    return bool(_validator(reference).is_valid(value))


@cache
def _validator(reference: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": reference, "$defs": _SCHEMA["$defs"]})
