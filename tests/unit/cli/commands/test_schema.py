import json
from pathlib import Path

import pytest

from voxguard.cli.app import main
from voxguard.policy.json_schema.generator import OF_POLICIES, OF_TESTS


def test_the_schema_goes_to_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a file it can be piped into whatever checks policies."""
    assert main(["schema"]) == 0
    out, err = capsys.readouterr()
    assert out == OF_POLICIES.text()
    assert json.loads(out)["type"] == "object"
    assert err == ""


def test_the_schema_goes_into_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The file that is committed is written by the command."""
    file = tmp_path / "schema.json"
    file.write_text("old")
    assert main(["schema", "--out", str(file)]) == 0
    assert file.read_text() == OF_POLICIES.text()
    assert capsys.readouterr().out == ""


def test_tests_have_a_schema_of_their_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With --tests it is that one which is written, to standard output or into a file."""
    assert main(["schema", "--tests"]) == 0
    assert capsys.readouterr().out == OF_TESTS.text()
    file = tmp_path / "schema.json"
    assert main(["schema", "--tests", "--out", str(file)]) == 0
    assert file.read_text() == OF_TESTS.text()


def test_a_file_that_cannot_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is wrong with the path is said, without a traceback."""
    assert main(["schema", "--out", str(tmp_path / "no" / "schema.json")]) == 2
    assert "No such file or directory" in capsys.readouterr().err
