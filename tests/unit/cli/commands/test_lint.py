import json
from pathlib import Path

import pytest

from voxguard.cli.app import main

GUILD = "version: 1\nguild: {id: '1'}\n"


@pytest.fixture
def policies(tmp_path: Path) -> Path:
    """A policy set that loads with a warning."""
    (tmp_path / "g").mkdir()
    (tmp_path / "g" / "guild.yaml").write_text(
        GUILD + "rules: {x: {where: '5', then: {mute: true}}}\n"
    )
    (tmp_path / "shared.yaml").write_text(
        "version: 1\nrules: {x: {where: '5', then: {mute: true}}}\n"
    )
    return tmp_path


def test_json_goes_to_standard_output(policies: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Programs get one document and nothing else."""
    assert main(["lint", str(policies), "--format", "json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["summary"] == {"errors": 0, "warnings": 1}
    assert err == ""


def test_the_fail_level_decides_the_exit_code(policies: Path) -> None:
    """Warnings fail only when they are asked to; a set that does not load always does."""
    assert main(["lint", str(policies)]) == 0
    assert main(["lint", str(policies), "--fail-level", "warning"]) == 1
    (policies / "broken.yaml").write_text("{")
    assert main(["lint", str(policies)]) == 3


def test_the_path_comes_from_the_environment(
    policies: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """VOXGUARD_POLICIES is where the set is when nothing else is said."""
    monkeypatch.setenv("VOXGUARD_POLICIES", str(policies))
    assert main(["lint"]) == 0
    assert "g/guild.yaml:3:9: warning: The rule 'x' replaces" in capsys.readouterr().out


def test_a_terminal_gets_no_raw_control_characters(
    policies: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A policy file cannot steer the terminal of whoever lints it."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    (policies / "bad.yaml").write_bytes(b"version: 1\nrules: {\x1b]0;owned\x07: 1}\n")
    assert main(["lint", str(policies)]) == 3
    out = capsys.readouterr().out
    assert "\x1b[" in out
    assert "\x1b]" not in out
    assert "\\x1b]0;owned\\x07" in out


def test_a_format_that_there_is_not(policies: Path) -> None:
    """What is not built is not accepted."""
    assert main(["lint", str(policies), "--format", "junit"]) == 2


def test_formats_for_ci_name_files_from_the_repository(
    policies: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """GitHub and SARIF importers look for files from where the command runs."""
    monkeypatch.chdir(policies.parent)
    assert main(["lint", str(policies), "--format", "github"]) == 0
    where = f"{policies.name}/g/guild.yaml"
    assert capsys.readouterr().out.startswith(f"::warning file={where},line=3,col=9,")
    assert main(["lint", policies.name, "--format", "sarif"]) == 0
    log = json.loads(capsys.readouterr().out)
    (result,) = log["runs"][0]["results"]
    physical = result["locations"][0]["physicalLocation"]
    assert physical["artifactLocation"]["uri"] == where
    monkeypatch.chdir(policies / "g")
    assert main(["lint", str(policies), "--format", "github"]) == 0
    assert f"file={policies.as_posix()}/g/guild.yaml" in capsys.readouterr().out


def test_a_missing_directory(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is named, and the exit code says that nothing was loaded."""
    assert main(["lint", str(tmp_path / "gone")]) == 3
    assert "gone does not exist" in capsys.readouterr().out
