"""Commands whose modules are imported when they are called, not when they are listed."""

from importlib import import_module
from typing import Any

from typer.core import TyperCommand
from typer.main import get_command

from voxguard.cli import commands
from voxguard.cli.options import PLAIN_HELP


class LazyCommand(TyperCommand):
    """Stands in the list of commands for a module that has not been imported yet."""

    def __init__(self, name: str, short_help: str) -> None:
        super().__init__(name, short_help=short_help, rich_markup_mode=PLAIN_HELP)

    def make_context(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - Typer's type is private
        """Hand over to the real command, which parses the arguments and is then run."""
        app = import_module(f"{commands.__name__}.{self.name}").app
        command = get_command(app)
        command.name = self.name
        return command.make_context(*args, **kwargs)
