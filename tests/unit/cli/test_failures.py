import sys
from pathlib import Path
from types import ModuleType

import pytest
import typer

from voxguard.cli import app as application
from voxguard.cli import commands
from voxguard.cli.app import main
from voxguard.cli.failures import BUG, exit_code_of
from voxguard.cli.options import command_app
from voxguard.errors import LockedError, PolicyError, UnreachableError, UsageError


def ends_with(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> int:
    """Run a command that raises an error, and give the exit code."""
    app = command_app()

    @app.command()
    def fail() -> None:
        raise error

    module = ModuleType(f"{commands.__name__}.fail")
    monkeypatch.setattr(module, "app", app, raising=False)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(application, "COMMANDS", {"fail": "Fails."})
    return main(["fail"])


@pytest.mark.parametrize(
    ("error", "code", "lines"),
    [
        (PolicyError("no rules", hint="write one"), 3, ["error: no rules", "hint: write one"]),
        (LockedError("in use"), 6, ["error: in use"]),
        (ConnectionRefusedError(111, "Connection refused"), 7, ["error: Connection refused"]),
        (TimeoutError(), 7, ["error: TimeoutError"]),
        (FileNotFoundError(2, "No such file", "a.yaml"), 2, ["error: a.yaml: No such file"]),
        (
            typer.BadParameter("too big"),
            2,
            ["error: Invalid value: too big", "hint: see voxguard fail --help"],
        ),
    ],
)
def test_what_a_person_can_mend_is_said_in_two_lines(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: Exception,
    code: int,
    lines: list[str],
) -> None:
    """A failure gives its message, its hint and its exit code, on standard error alone."""
    assert ends_with(monkeypatch, error) == code
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.splitlines() == lines


def test_a_current_directory_that_is_gone_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """What the system then says of no file at all is said of the directory."""
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    assert main(["lint"]) == 2
    assert capsys.readouterr() == ("", "error: the current directory has been removed\n")


@pytest.mark.parametrize("interruption", [KeyboardInterrupt(), typer.Abort()])
def test_an_interruption_is_quiet(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    interruption: BaseException,
) -> None:
    """Ctrl-C ends with 130 and without a word."""
    assert ends_with(monkeypatch, interruption) == 130
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == ("", "")


def test_an_interruption_before_any_command_is_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C while the command line is still being built ends with 130 as well."""

    def interrupt() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(application, "build", interrupt)
    assert main([]) == 130


def test_an_exit_code_can_be_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    """Deep inside of a command `typer.Exit` ends it with a code."""
    assert ends_with(monkeypatch, typer.Exit(4)) == 4


def test_the_system_may_end_a_command(monkeypatch: pytest.MonkeyPatch) -> None:
    """SystemExit passes through untouched."""
    with pytest.raises(SystemExit, match="5"):
        ends_with(monkeypatch, SystemExit(5))


def test_a_bug_is_one_line_with_its_place_and_no_content(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An unexpected error shows its kind and place; its text could hold a secret."""
    assert ends_with(monkeypatch, KeyError("s3cr3t")) == BUG
    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith("error: a bug in voxguard: KeyError at voxguard/cli/app.py:")
    assert second.startswith("hint: run it again with VOXGUARD_DEBUG=1")


def test_a_bug_elsewhere_has_no_place_of_ours(capsys: pytest.CaptureFixture[str]) -> None:
    """An error that never went through the package says so."""
    assert exit_code_of(RuntimeError()) == BUG
    assert "RuntimeError outside of the package" in capsys.readouterr().err


def test_debugging_shows_the_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With VOXGUARD_DEBUG the whole story comes first, and the exit code stays."""
    monkeypatch.setenv("VOXGUARD_DEBUG", "1")
    assert ends_with(monkeypatch, UsageError("no")) == 2
    shown = capsys.readouterr().err
    assert shown.startswith("Traceback (most recent call last):")
    assert shown.endswith("error: no\n")


def test_errors_of_a_task_group_are_taken_apart(capsys: pytest.CaptureFixture[str]) -> None:
    """Of what a task group gathered, the errors for people are shown and the first one counts."""
    inner = ExceptionGroup("inner", [UnreachableError("no database"), ValueError("noise")])
    assert exit_code_of(ExceptionGroup("outer", [OSError(5, "noise"), inner])) == 7
    assert capsys.readouterr().err == "error: no database\n"


def test_a_task_group_without_an_error_for_people_is_a_bug() -> None:
    """Where nothing in a group was foreseen, its first error is reported as unexpected."""
    assert exit_code_of(ExceptionGroup("all", [ValueError(), KeyError()])) == BUG
