import json
import os
from pathlib import Path

import pytest

from voxguard.cli.app import main
from voxguard.lint import replacing


@pytest.fixture
def unquoted(tmp_path: Path) -> Path:
    """A policy set with two ids that have no quotes."""
    (tmp_path / "guild.yaml").write_text("version: 1\nguild:\n  id: 1\n  roles: {a: 2}  # b\n")
    return tmp_path


def test_fix_says_what_it_did(unquoted: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Then comes the report of the files as they are now."""
    assert main(["lint", str(unquoted), "--fix", "--fail-level", "warning"]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first == "fixed: guild.yaml: 2 of VG017 implicit-type, in lines 3, 4"
    assert second.startswith("no problems; revision ")
    text = 'version: 1\nguild:\n  id: "1"\n  roles: {a: "2"}  # b\n'
    assert (unquoted / "guild.yaml").read_text() == text
    assert main(["lint", str(unquoted), "--fix"]) == 0
    assert capsys.readouterr().out.splitlines()[0] == "nothing to fix"


def test_fix_of_many_lines_names_some(unquoted: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody reads a thousand numbers; of one line it speaks as of one."""
    lines = "".join(f"      - {number}\n" for number in range(1, 100))
    (unquoted / "a.yaml").write_text(f"version: 1\nlists:\n  a:\n    entries:\n{lines}")
    (unquoted / "b.yaml").write_text("version: 1\nlists: {b: {entries: 5}}\n")
    assert main(["lint", str(unquoted), "--fix"]) == 0
    first, second, *_ = capsys.readouterr().out.splitlines()
    assert first.startswith("fixed: a.yaml: 99 of VG017 implicit-type, in lines 5, 6, 7,")
    assert first.endswith(", 24, …")
    assert second.endswith("in line 2")


def test_fix_leaves_standard_output_to_machine_formats(
    unquoted: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was fixed is told beside the document."""
    assert main(["lint", str(unquoted), "--fix", "--format", "json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["summary"] == {"errors": 0, "warnings": 0}
    assert err.startswith("note: fixed: guild.yaml: 2 of VG017")


def test_fix_needs_a_set_that_loads(unquoted: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is written where it cannot be known what the set means."""
    before = (unquoted / "guild.yaml").read_text()
    (unquoted / "broken.yaml").write_text("{")
    assert main(["lint", str(unquoted), "--fix"]) == 3
    assert "nothing is fixed: the set has to load first" in capsys.readouterr().err
    assert (unquoted / "guild.yaml").read_text() == before


def test_fix_of_a_file_that_may_not_be_written(
    unquoted: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A sentence and the code for what the caller has to see to."""
    monkeypatch.setattr("os.access", lambda _, mode: mode != os.W_OK)
    assert main(["lint", str(unquoted), "--fix"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err == f"error: {unquoted / 'guild.yaml'} is not writable; no file was changed\n"


def test_fix_of_a_file_that_changes_meanwhile(
    unquoted: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The code for what is stale; the other's edit stays."""
    replace = replacing.replace_files

    def late(replacements: list[replacing.Replacement]) -> None:
        (unquoted / "guild.yaml").write_text("version: 1\n")
        replace(replacements)

    monkeypatch.setattr("voxguard.lint.fixing.replace_files", late)
    assert main(["lint", str(unquoted), "--fix"]) == 6
    assert "has changed since it was read" in capsys.readouterr().err
    assert (unquoted / "guild.yaml").read_text() == "version: 1\n"
