"""What a type of the language says of itself to the JSON Schema, as an annotation on it.

A validator that runs before Pydantic's own hides what it takes; these say it in its place.
"""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import GetJsonSchemaHandler
from pydantic_core import CoreSchema

SHAPE: Final = "voxguard-shape"
"""The key under which a shape travels through Pydantic, which knows its own references only."""


class Shape:
    """A named schema, which stands once among the definitions and is referred to."""

    def __init__(self, name: str, schema: Mapping[str, Any]) -> None:
        """Take the name among the definitions, and the schema."""
        self._name = name
        self._schema = schema

    @property
    def here(self) -> dict[str, Any]:
        """The shape as a part of another schema."""
        return {SHAPE: {"name": self._name, "schema": dict(self._schema)}}

    def __get_pydantic_json_schema__(
        self, _core: CoreSchema, _handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """In place of whatever Pydantic would say."""
        return self.here


class OrShort:
    """A mapping that may be written as something shorter."""

    def __init__(self, short: Shape) -> None:
        """Take what it may be written as."""
        self._short = short

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """The short form, or what Pydantic says."""
        return {"anyOf": [self._short.here, handler(core)]}


class Listed:
    """A list: of how many at least and at most, and whether a single item may stand for it.

    A mapping may not, unless that is said too: mostly it is taken for a mistyped list.
    """

    def __init__(
        self,
        *,
        at_least: int = 0,
        at_most: int = 0,
        or_one: bool = False,
        or_mapping: bool = False,
    ) -> None:
        """Take the numbers of items, 0 where any will do, and what may stand alone."""
        limits = {"minItems": at_least, "maxItems": at_most}
        self._limits = {key: number for key, number in limits.items() if number}
        self._or_one = or_one or or_mapping
        self._or_mapping = or_mapping

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """The list, after the forms in which a single item may stand."""
        many = handler(core) | self._limits
        if not self._or_one:
            return many
        item = many["items"]
        alone = [
            form
            for form in item.get("anyOf", [item])
            if self._or_mapping or handler.resolve_ref_schema(form).get("type") != "object"
        ]
        return {"anyOf": [*alone, many]}
