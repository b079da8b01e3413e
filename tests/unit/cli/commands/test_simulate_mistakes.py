"""What `simulate` says of traces and policies that it cannot work with."""

from pathlib import Path

import pytest

from voxguard.cli.app import main


@pytest.fixture
def policies(tmp_path: Path) -> Path:
    """A policy set of one guild."""
    directory = tmp_path / "policies"
    directory.mkdir()
    (directory / "guild.yaml").write_text('version: 1\nguild: {id: "1"}\n', "utf-8")
    return directory


@pytest.fixture
def trace(tmp_path: Path) -> Path:
    """A trace in which nothing happens."""
    file = tmp_path / "trace.jsonl"
    file.write_text('{"at": "2026-03-02T12:00:00Z", "t": "TICK"}\n', "utf-8")
    return file


def test_a_malformed_trace_ends_with_2(
    policies: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The error names the file and the line."""
    bad = tmp_path / "bad.jsonl"
    bad.write_text('\n{"at": "2026-03-02T12:00:00Z"}\n', "utf-8")
    assert main(["simulate", str(bad), str(policies)]) == 2
    assert f"error: {bad}:2: there is no 't'\nhint: a trace has" in capsys.readouterr().err


def test_a_missing_trace_ends_with_2(policies: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is not there, or is a directory, is named."""
    assert main(["simulate", str(policies / "none"), str(policies)]) == 2
    assert main(["simulate", str(policies), str(policies)]) == 2
    assert "none: No such file" in capsys.readouterr().err


def test_a_policy_set_that_does_not_load_ends_with_3(
    policies: Path, trace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its first problems are listed with file, line and column."""
    rules = "".join(f"  r{number}: {{then: {{jump: true}}}}\n" for number in range(30))
    (policies / "rules.yaml").write_text(f"version: 1\nrules:\n{rules}", "utf-8")
    assert main(["simulate", str(trace), str(policies)]) == 3
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "rules.yaml:3:15: " in shown.err
    assert "(VG008 unknown-key)" in shown.err
    assert "\n  and 10 more\n" in shown.err
    assert f"hint: voxguard lint {policies} shows every problem" in shown.err


def test_a_policy_set_that_is_not_there_is_told_with_what_to_do(
    tmp_path: Path, trace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody is sent to lint, which would say the same: where the path comes from is told."""
    nowhere = tmp_path / "nowhere"
    assert main(["simulate", str(trace), str(nowhere)]) == 3
    error = capsys.readouterr().err
    assert f"The policy directory {nowhere} does not exist." in error
    assert "set VOXGUARD_POLICIES" in error
    assert "voxguard lint" not in error
