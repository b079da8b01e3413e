from typing import Annotated

from pydantic import BaseModel

from voxguard.policy.json_schema.shapes import SHAPE, Listed, OrShort, Shape

SHORT = Shape("Short", {"type": "string"})
HERE = {SHAPE: {"name": "Short", "schema": {"type": "string"}}}


class Inner(BaseModel):
    """Something that has keys."""


class Outer(BaseModel):
    """A key for each annotation."""

    shaped: Annotated[int, SHORT]
    short: Annotated[Inner, OrShort(SHORT)]
    some: Annotated[tuple[int, ...], Listed(at_least=1)]
    one: Annotated[tuple[int, ...], Listed(or_one=True)]
    mixed: Annotated[tuple[int | Inner, ...], Listed(at_least=1, or_one=True)]
    inner: Annotated[tuple[Inner, ...], Listed(at_least=1, or_mapping=True)]


def test_types_say_what_they_take() -> None:
    """Each annotation changes the schema of what it stands on, and nothing else."""
    keys = Outer.model_json_schema()["properties"]
    for key in keys.values():
        key.pop("title", None)
    number, inner = {"type": "integer"}, {"$ref": "#/$defs/Inner"}
    mixed = {"type": "array", "items": {"anyOf": [number, inner]}, "minItems": 1}
    assert keys == {
        "shaped": HERE,
        "short": {"anyOf": [HERE, inner]},
        "some": {"type": "array", "items": number, "minItems": 1},
        "one": {"anyOf": [number, {"type": "array", "items": number}]},
        "mixed": {"anyOf": [number, mixed]},
        "inner": {"anyOf": [inner, {"type": "array", "items": inner, "minItems": 1}]},
    }
