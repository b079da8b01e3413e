"""The committed JSON Schemas: fresh, and good for what other programs do with them."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest
from jsonschema import Draft202012Validator

from tests.docs.pages import Block
from tests.docs.test_examples import FILES, LOADED
from voxguard.policy.files import is_test
from voxguard.policy.json_schema.generator import EVERY, OF_POLICIES, OF_TESTS, FileSchema
from voxguard.policy.report import Report
from voxguard.policy.validation import validate
from voxguard.policy.yaml import read_yaml

ROOT: Final = Path(__file__).parents[2]
HERE: Final = Path(__file__).parent / "schema"
SAMPLES: Final = {
    kind: [
        file
        for file in sorted((ROOT / "policies").rglob("*.yaml"))
        if is_test(file.name) is (kind is OF_TESTS)
    ]
    for kind in EVERY
}
BAD: Final = {
    OF_POLICIES: sorted((HERE / "bad").glob("*.yaml")),
    OF_TESTS: sorted((HERE / "bad-tests").glob("*.yaml")),
}
EXAMPLES: Final = [
    *((OF_POLICIES, block) for block in LOADED),
    *((OF_TESTS, block) for block in FILES if "\ntests:\n" in block.text),
]
VALIDATORS: Final = {kind: Draft202012Validator(kind.values()) for kind in EVERY}

each_kind: Final = pytest.mark.parametrize("kind", EVERY, ids=lambda kind: kind.name)


def _file(kind: FileSchema) -> Path:
    return ROOT / "schema" / kind.name


def _pairs(files: dict[FileSchema, list[Path]]) -> list[Any]:
    return [
        pytest.param(kind, file, id=f"{file.parent.name}/{file.name}")
        for kind in EVERY
        for file in files[kind]
    ]


def _check(*arguments: str | Path) -> dict[str, Any]:
    """What the public checker says, which reads YAML and patterns by itself."""
    command = Path(sys.executable).parent / "check-jsonschema"
    done = subprocess.run(
        [command, "--output-format", "json", *arguments],
        capture_output=True,
        check=False,
        env=os.environ | {"NO_COLOR": "1"},
        stdin=subprocess.DEVNULL,
        timeout=60,
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    assert answer.get("parse_errors", []) == []
    assert (done.returncode == 0) == (answer["status"] == "ok")
    return answer


@each_kind
def test_the_committed_schema_is_fresh(kind: FileSchema) -> None:
    """What editors are given is what the program of this revision accepts."""
    option = " --tests" if kind is OF_TESTS else ""
    fresh = _file(kind).read_text("utf-8") == kind.text()
    assert fresh, f"run: voxguard schema{option} --out schema/{kind.name}"


def test_no_file_is_left_over() -> None:
    """Every schema in the directory is one that is generated."""
    files = {file.name for file in (ROOT / "schema").glob("*.json")}
    assert files == {kind.name for kind in EVERY}


@each_kind
def test_the_schema_is_valid(kind: FileSchema) -> None:
    """The public checker takes it for a schema."""
    assert _check("--check-metaschema", _file(kind))["status"] == "ok"


@each_kind
def test_the_samples_are_valid(kind: FileSchema) -> None:
    """The public checker finds nothing wrong with what people start from."""
    assert len(SAMPLES[kind]) > 3
    assert _check("--schemafile", _file(kind), *SAMPLES[kind])["status"] == "ok"


@each_kind
def test_every_bad_file_is_refused(kind: FileSchema) -> None:
    """The public checker finds each of the mistakes."""
    assert len(BAD[kind]) > 40
    errors = _check("--schemafile", _file(kind), *BAD[kind])["errors"]
    assert {Path(error["filename"]) for error in errors} == set(BAD[kind])


@pytest.mark.parametrize(("kind", "file"), _pairs(BAD))
def test_a_bad_file_has_one_mistake(kind: FileSchema, file: Path) -> None:
    """The program refuses it too, and for one reason."""
    report = Report()
    source = read_yaml(file.read_bytes(), file.name, report)
    assert source is not None
    assert validate(kind.model, source.value, source.place, report) is None
    assert len(report.problems) == 1


@pytest.mark.parametrize(("kind", "file"), _pairs(SAMPLES))
def test_a_sample_names_the_schema(kind: FileSchema, file: Path) -> None:
    """Editors find the schema by the first line, from where the file is."""
    first, _, rest = file.read_text("utf-8").partition("\n")
    lead, _, path = first.partition("=")
    assert lead == "# yaml-language-server: $schema"
    assert (file.parent / path).resolve() == _file(kind)
    assert "\nversion: 1\n" in f"\n{rest}"


@pytest.mark.parametrize(
    ("kind", "block"), [pytest.param(*pair, id=str(pair[1])) for pair in EXAMPLES]
)
def test_an_example_of_the_documentation_is_valid(kind: FileSchema, block: Block) -> None:
    """What the documentation shows is what editors accept."""
    source = read_yaml(block.text.encode(), str(block), Report())
    assert source is not None
    assert [error.message for error in VALIDATORS[kind].iter_errors(source.value)] == []


def test_there_are_examples_of_every_kind() -> None:
    """Policies and tests are both shown."""
    assert {kind for kind, _ in EXAMPLES} == set(EVERY)
