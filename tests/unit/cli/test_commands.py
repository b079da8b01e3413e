import ast
from importlib import import_module
from pathlib import Path

import pytest
import typer
from typer.main import get_command

from voxguard.cli import commands
from voxguard.cli.commands import COMMANDS

DIRECTORY = Path(commands.__file__).parent
LIGHT = {
    "voxguard",
    "typer",
    "typing",
    "collections",
    "contextlib",
    "datetime",
    "enum",
    "os",
    "pathlib",
    "re",
    "sys",
}


def test_every_module_is_in_the_list_and_the_other_way_round() -> None:
    """A command that was forgotten in the list, or that has lost its module, fails here."""
    modules = {file.stem for file in DIRECTORY.glob("*.py")} - {"__init__"}
    assert modules == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_line_in_the_list_is_the_commands_own(name: str) -> None:
    """`voxguard --help` says of a command what the command says of itself first."""
    app = import_module(f"{commands.__name__}.{name}").app
    assert isinstance(app, typer.Typer)
    text = get_command(app).help or ""
    assert text.splitlines()[0] == COMMANDS[name]


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_has_no_markup(name: str) -> None:
    """Square brackets in a docstring would vanish from the help on a terminal."""
    command = get_command(import_module(f"{commands.__name__}.{name}").app)
    for shown in (command, *getattr(command, "commands", {}).values()):
        assert "[" not in (shown.help or "")
        for parameter in shown.params:
            assert "[" not in (getattr(parameter, "help", None) or "")


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_imports_nothing_heavy_at_its_top(name: str) -> None:
    """What a command runs on is imported inside of it, so that its own --help is quick."""
    tree = ast.parse((DIRECTORY / f"{name}.py").read_text("utf-8"))
    found = set()
    for node in tree.body:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    outside = {module for module in found if module.partition(".")[0] not in LIGHT}
    inside = {
        module
        for module in found
        if module.startswith("voxguard.")
        and not module.startswith(("voxguard.cli", "voxguard.errors", "voxguard.model"))
    }
    assert outside | inside == set()
