import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from voxguard.cli.app import main

GUILD = "version: 1\nguild: {id: '1'}\n"
TEST = """\
version: 1
tests:
  one:
    start: 2026-03-02
    members: {alice: {}}
    steps:
      - {at: 0s, member: alice, enters: "5"}
      - {at: 0s, expect: {alice: {mute: true}}}
"""


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
    (tmp_path / "x.test.yaml").write_text(TEST)
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


def test_base_tells_what_was_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A commit of git is compared with; one that there is not is wrong usage."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    policies = tmp_path / "p"
    policies.mkdir()
    rule = "rules: {r: {who: {lists: x}, then: {mute: true}}}\n"
    (policies / "guild.yaml").write_text(GUILD + rule)
    (policies / "x.yaml").write_text("version: 1\nlists: {x: {entries: '5'}}\n")
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "x"]):
        someone = ["-c", "user.name=a", "-c", "user.email=a@b.c"]
        subprocess.check_call(["git", "-C", str(tmp_path), *someone, *arguments])
    assert main(["lint", str(policies), "--base", "HEAD"]) == 0
    (policies / "x.yaml").unlink()
    capsys.readouterr()
    assert main(["lint", str(policies), "--base", "HEAD", "--format", "json"]) == 3
    found = json.loads(capsys.readouterr().out)["problems"]
    assert [problem["check"] for problem in found] == ["VG102", "VG108"]
    assert main(["lint", str(policies), "--base", "gone"]) == 2
    assert "there is no commit 'gone'" in capsys.readouterr().err
    (tmp_path / "q").mkdir()
    (tmp_path / "q" / "guild.yaml").write_text(GUILD)
    assert main(["lint", str(tmp_path / "q"), "--base", "HEAD"]) == 0
    assert "q has no policy file in HEAD (" in capsys.readouterr().err
    assert main(["lint", str(tmp_path / "gone"), "--base", "HEAD"]) == 3


def _checks(policies: Path, capsys: pytest.CaptureFixture[str], *options: str) -> list[str]:
    capsys.readouterr()
    main(["lint", str(policies), "--format", "json", *options])
    return [each["check"] for each in json.loads(capsys.readouterr().out)["problems"]]


def test_the_tests_of_the_set_are_played(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A rule that none of them makes hold is found, and so is a set that has none."""
    (tmp_path / "guild.yaml").write_text(
        GUILD + "rules: {x: {where: '5', then: {mute: true}}, y: {where: '6', then: {move: '5'}}}\n"
    )
    assert _checks(tmp_path, capsys) == ["VG403"]
    (tmp_path / "x.test.yaml").write_text(TEST)
    assert _checks(tmp_path, capsys) == ["VG403"]
    (tmp_path / "y.test.yaml").write_text(TEST.replace("5", "6").replace("mute: true", "move: '5'"))
    assert _checks(tmp_path, capsys) == []


def test_tests_that_do_not_load_are_told_of(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Once, and beside the report, which is one of policies."""
    (tmp_path / "guild.yaml").write_text(
        "version: 1\nguild: {id: 1}\nrules: {x: {where: '5', then: {mute: true}}}\n"
    )
    (tmp_path / "x.test.yaml").write_text("[")
    assert main(["lint", str(tmp_path), "--fix"]) == 0
    assert capsys.readouterr().err == (
        "warning: the policy tests do not load, so that VG403 missing-test is left out: "
        f"see voxguard test {tmp_path}\n"
    )


def test_an_excerpt_is_no_wider_than_the_screen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A caret below a line that has been folded would stand anywhere."""
    long = f"rules: {{{'x' * 50}: {{description: {'y' * 200}, then: 5}}}}\n"
    (tmp_path / "guild.yaml").write_text(GUILD + long)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "60")
    assert main(["lint", str(tmp_path)]) == 3
    plain = re.sub(r"\x1b\[[0-9;]*m", "", capsys.readouterr().out).splitlines()
    assert [len(line) for line in plain if line.startswith("  3 | ")] == [60]
    caret = next(line for line in plain if line.endswith("^"))
    assert plain[1][len(caret) - 1] == "5"
