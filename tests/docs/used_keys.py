"""Which keys a file uses, of policies or of tests, by the JSON Schema made of the models."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any, Final

from jsonschema import Draft202012Validator

from voxguard.policy.json_schema.generator import OF_POLICIES, OF_TESTS, FileSchema

_FILE: Final = "File"

# A step of an escalation is made of the same effects.
_SAME: Final = {"Step": "Then"}

Key = tuple[str, str]
"""The model in which a key stands, and the key."""


class Keys:
    """The keys of one kind of file."""

    def __init__(self, schema: FileSchema) -> None:
        """Take the schema of such files."""
        self._schema = schema

    @cached_property
    def _definitions(self) -> dict[str, Any]:
        values = self._schema.values()
        return {**values["$defs"], _FILE: values}

    def every(self) -> set[Key]:
        """All keys that can be written, those aside that are refused as not supported yet."""
        return {
            (_SAME.get(name, name), key)
            for name, definition in self._definitions.items()
            for key, schema in definition.get("properties", {}).items()
            if schema.get("not") != {}
        }

    def used(self, file: object) -> set[Key]:
        """The keys that stand in a file which is valid."""
        return set(self._walk(file, self._definitions[_FILE], _FILE))

    def _walk(self, value: object, schema: dict[str, Any], name: str) -> Iterator[Key]:
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            yield from self._walk(value, self._definitions[name], name)
        for form in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
            if not isinstance(value, dict) or "$ref" not in form or self._fits(value, form):
                yield from self._walk(value, form, name)
        if isinstance(value, list) and "items" in schema:
            for item in value:
                yield from self._walk(item, schema["items"], name)
        if isinstance(value, dict):
            properties = schema.get("properties", {})
            others = schema.get("additionalProperties")
            for key, each in value.items():
                if key in properties:
                    yield _SAME.get(name, name), key
                    yield from self._walk(each, properties[key], name)
                elif isinstance(others, dict):
                    yield from self._walk(each, others, name)

    def _fits(self, value: object, form: dict[str, Any]) -> bool:
        """Whether it is this one of the forms in which a value may be written."""
        validator = Draft202012Validator({"$ref": form["$ref"], "$defs": self._definitions})
        return bool(validator.is_valid(value))


POLICY_KEYS: Final = Keys(OF_POLICIES)
TEST_KEYS: Final = Keys(OF_TESTS)
