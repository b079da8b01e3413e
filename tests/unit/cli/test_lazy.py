import sys
from types import ModuleType

import pytest
import typer

from voxguard.cli import app as application
from voxguard.cli import commands
from voxguard.cli.app import main
from voxguard.cli.options import command_app

LINE = "Greets somebody."


def offer(monkeypatch: pytest.MonkeyPatch, name: str, app: typer.Typer) -> None:
    """Have a module for a command, as if there were a file for it."""
    module = ModuleType(f"{commands.__name__}.{name}")
    monkeypatch.setattr(module, "app", app, raising=False)
    monkeypatch.setitem(sys.modules, module.__name__, module)


@pytest.fixture
def greet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a command with an argument in the list."""
    app = command_app()

    @app.command()
    def greet(name: str) -> int:
        """Greets somebody."""
        typer.echo(f"hello {name}")
        return 3

    offer(monkeypatch, "greet", app)
    monkeypatch.setattr(application, "COMMANDS", {"greet": LINE})


@pytest.fixture
def group(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a command with one subcommand in the list."""
    app = command_app("Holds one.")

    @app.command()
    def only() -> None:
        """The only one."""
        typer.echo("only")

    offer(monkeypatch, "group", app)
    monkeypatch.setattr(application, "COMMANDS", {"group": "Holds one."})


def test_a_listed_command_is_not_imported(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The list shows a command's line although its module is not there."""
    monkeypatch.setattr(application, "COMMANDS", {"absent": "Is not installed."})
    assert main(["--help"]) == 0
    assert "absent  Is not installed." in capsys.readouterr().out


@pytest.mark.usefixtures("greet")
def test_a_called_command_runs_with_its_arguments(capsys: pytest.CaptureFixture[str]) -> None:
    """What a command returns is the exit code."""
    assert main(["greet", "you"]) == 3
    assert capsys.readouterr().out == "hello you\n"


@pytest.mark.usefixtures("greet")
def test_a_called_command_has_its_own_help(capsys: pytest.CaptureFixture[str]) -> None:
    """`voxguard greet --help` is the command's own, under the command's own name."""
    assert main(["greet", "--help"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("Usage: voxguard greet [OPTIONS] {name}")
    assert "install-completion" not in shown


@pytest.mark.usefixtures("greet")
def test_a_missing_argument_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    """The hint points to the help of the command that was called."""
    assert main(["greet"]) == 2
    assert capsys.readouterr().err.splitlines()[-1] == "hint: see voxguard greet --help"


@pytest.mark.usefixtures("group")
def test_a_single_subcommand_keeps_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    """A command that will get more subcommands is called by name from the first one on."""
    assert main(["group", "only"]) == 0
    assert capsys.readouterr().out == "only\n"
