"""From the models to JSON Schemas (draft 2020-12), one for each kind of file.

https://json-schema.org/draft/2020-12
"""

import json
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from voxguard.policy.cases.documents import CaseFileDocument
from voxguard.policy.definitions import FileDocument
from voxguard.policy.document import Document
from voxguard.policy.json_schema.shapes import SHAPE


class _Generator(GenerateJsonSchema):
    """Says what documents say: nothing may be null, and names of keys have a pattern."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        """A key that may be left out, but not be null."""
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """None is how the models say that a key is not there; it is no value of the language."""
        made = super().default_schema(schema)
        return {key: value for key, value in made.items() if key != "default" or value is not None}

    def encode_default(self, dft: Any) -> Any:  # noqa: ANN401 - as Pydantic has it
        """A default as an author would write it."""
        return dft.key if isinstance(dft, ZoneInfo) else super().encode_default(dft)

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        """Definitions by name: Pydantic would let names through that break the pattern."""
        return {
            "type": "object",
            "propertyNames": self.generate_inner(schema["keys_schema"]),
            "additionalProperties": self.generate_inner(schema["values_schema"]),
        }

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ANN401, ARG002 - as above
        """A key is its own title."""
        return False

    def sort(self, value: JsonSchemaValue, parent_key: str | None = None) -> JsonSchemaValue:  # noqa: ARG002 - as above
        """In the order of the models, which is the order in which people write."""
        return value


@dataclass(frozen=True, slots=True)
class FileSchema:
    """The schema of one kind of file: the name of its own file, its title, and the model."""

    name: str
    title: str
    model: type[Document]

    def values(self) -> dict[str, Any]:
        """The schema as plain JSON values."""
        made = self.model.model_json_schema(schema_generator=_Generator)
        shapes: dict[str, Any] = {}
        definitions = _hoisted(made.pop("$defs"), shapes)
        body = _hoisted(made, shapes)
        return {
            "$schema": _Generator.schema_dialect,
            **body,
            "title": self.title,
            "$defs": dict(sorted({**definitions, **shapes}.items())),
        }

    def text(self) -> str:
        """The schema as it stands in its file."""
        return json.dumps(self.values(), indent=2, ensure_ascii=True) + "\n"


OF_POLICIES: Final = FileSchema(
    "voxguard-policy-v1.schema.json", "voxguard policy file, version 1", FileDocument
)
OF_TESTS: Final = FileSchema(
    "voxguard-test-v1.schema.json", "voxguard policy tests, version 1", CaseFileDocument
)
EVERY: Final = (OF_POLICIES, OF_TESTS)


def _hoisted(value: Any, shapes: dict[str, Any]) -> Any:  # noqa: ANN401 - whatever JSON can hold
    """A schema with its shapes replaced by references, and the shapes put among the others."""
    if isinstance(value, list):
        return [_hoisted(item, shapes) for item in value]
    if not isinstance(value, dict):
        return value
    found = {key: _hoisted(item, shapes) for key, item in value.items() if key != SHAPE}
    if SHAPE not in value:
        return found
    shape = value[SHAPE]
    shapes[shape["name"]] = _hoisted(shape["schema"], shapes)
    return {"$ref": f"#/$defs/{shape['name']}", **found}
