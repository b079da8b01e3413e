from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from voxguard.policy.json_schema.generator import EVERY, OF_POLICIES, FileSchema

SCHEMAS = {kind: kind.values() for kind in EVERY}


def _parts(value: object, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every mapping in the schema, but for examples, with the way to it."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _parts(item, f"{path}/{index}")
    if isinstance(value, dict):
        yield path, value
        for key, item in value.items():
            if key not in ("examples", "default"):
                yield from _parts(item, f"{path}/{key}")


OBJECTS = [
    # Conditions on other keys name keys as well, and are no mappings of their own.
    (kind, path, part)
    for kind, schema in SCHEMAS.items()
    for path, part in _parts(schema)
    if part.get("type") == "object" and "properties" in part
]
KEYS = [
    pytest.param(kind, key, id=f"{kind.name}{path}/{name}")
    for kind, path, part in OBJECTS
    for name, key in part["properties"].items()
]

each_kind = pytest.mark.parametrize("kind", EVERY, ids=lambda kind: kind.name)


def _errors(kind: FileSchema, part: dict[str, Any], value: object) -> list[str]:
    """What is wrong with a value by a part of a schema."""
    whole = Draft202012Validator({"$defs": SCHEMAS[kind]["$defs"], **part})
    return [error.message for error in whole.iter_errors(value)]


@each_kind
def test_it_is_a_schema_of_its_draft_with_no_address(kind: FileSchema) -> None:
    """It needs nothing from elsewhere, wherever it is put."""
    schema = SCHEMAS[kind]
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["title"] == kind.title
    assert not any("$id" in part for _, part in _parts(schema))
    assert kind.text().count("http") == 1
    Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize(
    ("kind", "part"),
    [pytest.param(kind, part, id=f"{kind.name}{path}") for kind, path, part in OBJECTS],
)
def test_an_unknown_key_is_refused_everywhere(kind: FileSchema, part: dict[str, Any]) -> None:
    """There is no key that is accepted and ignored."""
    assert part["additionalProperties"] is False


@pytest.mark.parametrize(("kind", "key"), KEYS)
def test_every_key_is_explained_with_examples_that_are_valid(
    kind: FileSchema, key: dict[str, Any]
) -> None:
    """Whoever hovers over a key reads what it means and how it is written."""
    assert key["description"].endswith(".")
    if key.get("not") == {}:
        return
    assert key["examples"]
    for example in key["examples"]:
        assert _errors(kind, key, example) == []
    if "default" in key:
        assert _errors(kind, key, key["default"]) == []


@each_kind
def test_every_definition_is_used_and_explained(kind: FileSchema) -> None:
    """Nothing is left over, and nothing is without a word."""
    schema = SCHEMAS[kind]
    used = {part["$ref"].rpartition("/")[2] for _, part in _parts(schema) if "$ref" in part}
    assert used == schema["$defs"].keys()
    assert all(part["description"].endswith(".") for part in schema["$defs"].values())


@each_kind
def test_examples_of_values_are_valid(kind: FileSchema) -> None:
    """What a value looks like is shown by values that are accepted."""
    for part in SCHEMAS[kind]["$defs"].values():
        for example in part.get("examples", ()):
            assert _errors(kind, part, example) == []


@each_kind
def test_nothing_is_null(kind: FileSchema) -> None:
    """A key is given a value or is left out."""
    assert not any(part.get("type") == "null" for _, part in _parts(SCHEMAS[kind]))
    assert not any(part.get("default", "") is None for _, part in _parts(SCHEMAS[kind]))


def test_kinds_of_files_have_schemas_of_their_own() -> None:
    """A policy file is no file of tests, and each schema knows its own keys alone."""
    assert len({kind.name for kind in EVERY}) == len(EVERY)
    keys = [set(schema["properties"]) for schema in SCHEMAS.values()]
    assert set.intersection(*keys) == {"version"}
    assert "rules" in SCHEMAS[OF_POLICIES]["properties"]
