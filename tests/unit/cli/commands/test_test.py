import json
import xml.etree.ElementTree as ET
from pathlib import Path
from textwrap import dedent

import pytest

from voxguard.cli.app import main
from voxguard.cli.bundled import sample_policies

GUILD = """\
version: 1
guild: {id: "1", channels: {lobby: "21", afk: "22"}}
rules:
  limit: {where: lobby, for: 1h, then: {move: afk}}
  watched: {where: afk, mode: observe, then: {mute: true}}
"""
TESTS = """\
version: 1
tests:
  an hour is enough:
    start: 2026-03-02T12:00:00Z
    members: {alice: {in: lobby}}
    steps:
      - {at: 1h, expect: {alice: [{move: afk}, {mute: true}]}}
  half an hour is not:
    start: 2026-03-02T12:00:00Z
    members: {alice: {in: lobby}}
    steps:
      - {at: 30m, expect: {alice: {move: afk}}}
"""


@pytest.fixture
def policies(tmp_path: Path) -> Path:
    """A policy set of one guild with two tests, of which one fails."""
    directory = tmp_path / "policies" / "moscow"
    directory.mkdir(parents=True)
    (directory / "guild.yaml").write_text(GUILD, "utf-8")
    (directory / "rules.test.yaml").write_text(TESTS, "utf-8")
    return directory.parent


def test_the_samples_pass_their_tests(capsys: pytest.CaptureFixture[str]) -> None:
    """Every rule that people start from is tested, and has held in a test."""
    assert main(["test", str(sample_policies()), "--coverage"]) == 0
    *tests, summary, coverage = capsys.readouterr().out.splitlines()
    assert len(tests) > 10
    assert summary == f"{len(tests)} tests: {len(tests)} passed"
    rules = int(coverage.split()[0])
    assert rules > 4
    assert coverage == f"{rules} of {rules} rules held in a test"


def test_people_read_what_was_expected_what_happened_and_why(
    policies: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A line a test, then what was wrong with it, then the sum."""
    assert main(["test", str(policies)]) == 1
    assert capsys.readouterr().out == dedent("""\
        passed  moscow/rules.test.yaml:3  an hour is enough
        FAILED  moscow/rules.test.yaml:8  half an hour is not
          moscow/rules.test.yaml:12: alice at 30m (2026-03-02T12:30:00Z)
            expected: move to afk
            happened: nothing
            why:      limit does not hold yet: its conditions match since 0s \
(2026-03-02T12:00:00Z), and its `for` ends at 1h (2026-03-02T13:00:00Z)
        2 tests: 1 passed, 1 failed
        """)


@pytest.mark.parametrize("pattern", ["is enough", "an*enough", "hour is en"])
def test_tests_are_chosen_by_name(
    policies: Path, capsys: pytest.CaptureFixture[str], pattern: str
) -> None:
    """By a part of the name, or by a pattern for all of it; the others are not played."""
    assert main(["test", str(policies), "--run", pattern]) == 0
    assert capsys.readouterr().out.endswith("enough\n1 test: 1 passed\n")


def test_a_pattern_that_nothing_has_ends_with_2(
    policies: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing played is not everything passed."""
    assert main(["test", str(policies), "--run", "hours"]) == 2
    assert "error: no test has a name with 'hours'" in capsys.readouterr().err


def test_a_set_without_tests_says_so(policies: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """That is no failure, but nobody should take it for tests that pass."""
    (policies / "moscow" / "rules.test.yaml").unlink()
    assert main(["test", str(policies)]) == 0
    shown = capsys.readouterr()
    assert shown.out == "0 tests: 0 passed\n"
    assert f"warning: there is no *.test.yaml in {policies}" in shown.err


def test_json_has_everything(policies: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Places, expectations and decisions, and the coverage where it is asked for."""
    assert main(["test", str(policies), "--format", "json", "--coverage"]) == 1
    shown = json.loads(capsys.readouterr().out)
    assert shown["summary"] == {"tests": 2, "passed": 1, "failed": 1}
    assert shown["coverage"] == {"rules": 2, "held": 2, "never": []}
    assert len(shown["revision"]) == 12
    passed, failed = shown["tests"]
    assert (passed["name"], passed["passed"], passed["failures"]) == ("an hour is enough", True, [])
    [failure] = failed["failures"]
    assert failure.pop("why")[0].startswith("limit does not hold yet")
    assert failure == {
        "file": "moscow/rules.test.yaml",
        "line": 12,
        "kind": "missing",
        "at": "2026-03-02T12:30:00Z",
        "after_seconds": 1800,
        "member": "alice",
        "expected": [{"effect": "move", "params": {"channel": "22"}, "rule": None}],
        "happened": [],
    }
    assert main(["test", str(policies), "--format", "json", "--run", "enough"]) == 0
    assert json.loads(capsys.readouterr().out)["coverage"] is None


def test_what_happened_has_its_mode(policies: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What was only observed is told apart, for programs and for people."""
    file = policies / "moscow" / "rules.test.yaml"
    file.write_text(TESTS.replace("1h, expect", "2h, expect"), "utf-8")
    assert main(["test", str(policies), "--format", "json", "--run", "enough"]) == 1
    first = json.loads(capsys.readouterr().out)["tests"][0]["failures"][0]
    assert first["kind"] == "unexpected"
    assert first["expected"] is None
    assert [each["mode"] for each in first["happened"]] == ["enforce", "observe"]
    assert main(["test", str(policies), "--run", "enough"]) == 1
    out = capsys.readouterr().out
    assert "expected: nothing (no step expects anything of the member then)" in out
    assert "happened: move to afk by limit; mute by watched (observed)" in out


def test_junit_is_xml(policies: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One document on standard output and nothing else."""
    assert main(["test", str(policies), "--format", "junit"]) == 1
    shown = capsys.readouterr()
    assert ET.fromstring(shown.out).tag == "testsuites"  # noqa: S314 - our own text
    assert shown.err == ""


def test_what_does_not_load_ends_with_3(policies: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A test file like a policy file, with places and hints."""
    file = policies / "moscow" / "rules.test.yaml"
    file.write_text(TESTS.replace("in: lobby", "in: loby"), "utf-8")
    assert main(["test", str(policies), "--run", "nothing like it"]) == 3
    err = capsys.readouterr().err
    assert f"error: the tests in {policies} do not load\n" in err
    assert "moscow/rules.test.yaml:5:27: There is no channel 'loby' in guild moscow. (VG102" in err
    assert "    Did you mean lobby?\n" in err
    (policies / "moscow" / "guild.yaml").write_text("version: 2", "utf-8")
    assert main(["test", str(policies)]) == 3
    assert "the policy set" in capsys.readouterr().err


def test_a_terminal_gets_colours(
    policies: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a terminal what passed and what failed are told apart at a glance."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert main(["test", str(policies)]) == 1
    assert "\x1b[1;31mFAILED" in capsys.readouterr().out
