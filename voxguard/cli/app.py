"""The command `voxguard`: its list of commands, and the way from arguments to an exit code."""

import os
import signal
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import cast

import typer
from typer.core import TyperGroup
from typer.main import get_command

from voxguard import __version__
from voxguard.cli.commands import COMMANDS
from voxguard.cli.failures import exit_code_of
from voxguard.cli.lazy import LazyCommand
from voxguard.cli.options import PLAIN_HELP

PROGRAM = "voxguard"


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"{PROGRAM} {__version__}")
        raise typer.Exit


def _without_a_command(
    context: typer.Context,
    version: bool = typer.Option(  # noqa: ARG001 - its callback has acted by now
        False, "--version", help="Show the version.", is_eager=True, callback=_show_version
    ),
) -> int:
    """Voice moderation for Discord as rules in files."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        return 2
    return 0


def build() -> TyperGroup:
    """The whole command line; no command's module is imported yet."""
    app = typer.Typer(
        rich_markup_mode=PLAIN_HELP, context_settings={"help_option_names": ["-h", "--help"]}
    )
    app.callback(invoke_without_command=True)(_without_a_command)
    # An application with a callback is always made a group.
    group = cast("TyperGroup", get_command(app))
    for name, short_help in COMMANDS.items():
        group.add_command(LazyCommand(name, short_help))
    return group


def _let_go_of_output() -> None:
    """Drop what cannot be written.

    The interpreter flushes standard output once more when it ends, and would complain and
    end with a code of its own.
    """
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _reader_has_gone() -> int:
    """End quietly, with the code that a shell gives for SIGPIPE."""
    _let_go_of_output()
    return 128 + signal.SIGPIPE


def _failed(error: Exception) -> int:
    code = exit_code_of(error)
    try:
        sys.stdout.flush()
    except OSError:
        _let_go_of_output()
    return code


def _open_what_is_closed() -> None:
    """Whoever is started without standard output or error writes to nobody."""
    if sys.stdout is None:
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - for good
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - for good


def _run(arguments: Sequence[str] | None) -> int:
    try:
        result: object = build().main(args=arguments, prog_name=PROGRAM, standalone_mode=False)
    except SystemExit as ended:
        # How Typer ends when it meets a broken pipe itself.
        if isinstance(ended.__context__, BrokenPipeError):
            raise ended.__context__ from None
        raise
    sys.stdout.flush()
    return result if isinstance(result, int) else 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and give its exit code; errors have been reported by then."""
    _open_what_is_closed()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A terminal that cannot show a member's name still gets the rest of the line.
            stream.reconfigure(errors="backslashreplace")
    try:
        return _run(arguments)
    except BrokenPipeError:
        return _reader_has_gone()
    except (KeyboardInterrupt, typer.Abort):
        return 128 + signal.SIGINT
    except Exception as error:  # noqa: BLE001 - here the last of them becomes a message
        return _failed(error)
