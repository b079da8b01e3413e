from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from voxguard.policy.json_schema.generator import policy_schema, schema_text

SCHEMA = policy_schema()


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


# Conditions on other keys name keys as well, and are no mappings of their own.
OBJECTS = [(path, part) for path, part in _parts(SCHEMA) if part.get("type") == "object"]
OBJECTS = [(path, part) for path, part in OBJECTS if "properties" in part]
KEYS = [
    (f"{path}/{name}", schema)
    for path, part in OBJECTS
    for name, schema in part["properties"].items()
]


def _validator(schema: dict[str, Any]) -> Draft202012Validator:
    return Draft202012Validator({"$defs": SCHEMA["$defs"], **schema})


def test_it_is_a_schema_of_its_draft_with_no_address() -> None:
    """It needs nothing from elsewhere, wherever it is put."""
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert SCHEMA["title"] == "voxguard policy file, version 1"
    assert not any("$id" in part for _, part in _parts(SCHEMA))
    assert schema_text().count("http") == 1
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize(("path", "part"), OBJECTS, ids=[path for path, _ in OBJECTS])
def test_an_unknown_key_is_refused_everywhere(path: str, part: dict[str, Any]) -> None:
    """There is no key that is accepted and ignored."""
    assert part["additionalProperties"] is False


@pytest.mark.parametrize(("path", "schema"), KEYS, ids=[path for path, _ in KEYS])
def test_every_key_is_explained_with_examples_that_are_valid(
    path: str, schema: dict[str, Any]
) -> None:
    """Whoever hovers over a key reads what it means and how it is written."""
    assert schema["description"].endswith(".")
    if schema.get("not") == {}:
        return
    assert schema["examples"]
    for example in schema["examples"]:
        assert list(_validator(schema).iter_errors(example)) == []
    if "default" in schema:
        assert list(_validator(schema).iter_errors(schema["default"])) == []


def test_every_definition_is_used_and_explained() -> None:
    """Nothing is left over, and nothing is without a word."""
    used = {part["$ref"].rpartition("/")[2] for _, part in _parts(SCHEMA) if "$ref" in part}
    assert used == SCHEMA["$defs"].keys()
    assert all(part["description"].endswith(".") for part in SCHEMA["$defs"].values())


def test_examples_of_values_are_valid() -> None:
    """What a value looks like is shown by values that are accepted."""
    for part in SCHEMA["$defs"].values():
        for example in part.get("examples", ()):
            assert list(_validator(part).iter_errors(example)) == []


def test_nothing_is_null() -> None:
    """A key is given a value or is left out."""
    assert not any(part.get("type") == "null" for _, part in _parts(SCHEMA))
    assert not any(part.get("default", "") is None for _, part in _parts(SCHEMA))
