"""The committed JSON Schema: fresh, and good for what other programs do with it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest
from jsonschema import Draft202012Validator

from tests.docs.pages import Block
from tests.docs.test_examples import LOADED
from voxguard.policy.definitions import FileDocument
from voxguard.policy.files import TEST_SUFFIXES
from voxguard.policy.json_schema.generator import FILE_NAME, schema_text
from voxguard.policy.report import Report
from voxguard.policy.validation import validate
from voxguard.policy.yaml import read_yaml

ROOT: Final = Path(__file__).parents[2]
SCHEMA: Final = ROOT / "schema" / FILE_NAME
SAMPLES: Final = [
    file
    for file in sorted((ROOT / "policies").rglob("*.yaml"))
    if not file.name.endswith(TEST_SUFFIXES)
]
BAD: Final = sorted((Path(__file__).parent / "schema" / "bad").glob("*.yaml"))
VALIDATOR: Final = Draft202012Validator(json.loads(schema_text()))


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


def test_the_committed_schema_is_fresh() -> None:
    """What editors are given is what the program of this revision accepts."""
    fresh = SCHEMA.read_text("utf-8") == schema_text()
    assert fresh, f"run: voxguard schema --out schema/{FILE_NAME}"


def test_the_schema_is_valid() -> None:
    """The public checker takes it for a schema."""
    assert _check("--check-metaschema", SCHEMA)["status"] == "ok"


def test_the_samples_are_valid() -> None:
    """The public checker finds nothing wrong with what people start from."""
    assert len(SAMPLES) > 5
    assert _check("--schemafile", SCHEMA, *SAMPLES)["status"] == "ok"


def test_every_bad_file_is_refused() -> None:
    """The public checker finds each of the mistakes."""
    assert len(BAD) > 40
    found = {
        Path(error["filename"]).name for error in _check("--schemafile", SCHEMA, *BAD)["errors"]
    }
    assert found == {file.name for file in BAD}


@pytest.mark.parametrize("file", BAD, ids=lambda file: file.stem)
def test_a_bad_file_has_one_mistake(file: Path) -> None:
    """The program refuses it too, and for one reason."""
    report = Report()
    source = read_yaml(file.read_bytes(), file.name, report)
    assert source is not None
    assert validate(FileDocument, source.value, source.place, report) is None
    assert len(report.problems) == 1


@pytest.mark.parametrize("file", SAMPLES, ids=lambda file: file.name)
def test_a_sample_names_the_schema(file: Path) -> None:
    """Editors find the schema by the first line, from where the file is."""
    first, _, rest = file.read_text("utf-8").partition("\n")
    lead, _, path = first.partition("=")
    assert lead == "# yaml-language-server: $schema"
    assert (file.parent / path).resolve() == SCHEMA
    assert "\nversion: 1\n" in f"\n{rest}"


@pytest.mark.parametrize("block", LOADED, ids=str)
def test_an_example_of_the_documentation_is_valid(block: Block) -> None:
    """What the documentation shows is what editors accept."""
    source = read_yaml(block.text.encode(), str(block), Report())
    assert source is not None
    assert [error.message for error in VALIDATOR.iter_errors(source.value)] == []
