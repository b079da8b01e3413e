"""From whatever ends a command to a message and an exit code."""

import os
import traceback
from pathlib import Path

from typer import BadParameter, TyperException

from voxguard.cli import render
from voxguard.errors import UnreachableError, UsageError, VoxguardError

# EX_SOFTWARE of sysexits.h: none of the codes that scripts are promised.
BUG = 70

_PACKAGE = Path(__file__).parent.parent


def exit_code_of(error: Exception) -> int:
    """Report an error to standard error and give the exit code that goes with it.

    A traceback is shown with VOXGUARD_DEBUG set, and then for every kind of error.
    """
    if os.environ.get("VOXGUARD_DEBUG"):
        traceback.print_exception(error)
    codes = [_report(leaf) for leaf in _leaves(error)]
    return codes[0]


def _leaves(error: Exception) -> list[Exception]:
    """The errors that a task group has gathered, those for people first and each once."""
    if not isinstance(error, ExceptionGroup):
        return [error]
    leaves = [leaf for nested in error.exceptions for leaf in _leaves(nested)]
    known: list[Exception] = [leaf for leaf in leaves if isinstance(leaf, VoxguardError)]
    return known or leaves[:1]


def _report(error: Exception) -> int:
    match error:
        case VoxguardError():
            render.write_error(str(error), error.hint)
            return error.exit_code
        case BadParameter():
            from voxguard.cli.wrong_values import message_of

            render.write_error(message_of(error), _usage_hint(error))
            return error.exit_code
        case TyperException():
            render.write_error(error.format_message(), _usage_hint(error))
            return error.exit_code
        case ConnectionError() | TimeoutError():
            render.write_error(_system_message(error))
            return UnreachableError.exit_code
        case OSError():
            render.write_error(_system_message(error))
            return UsageError.exit_code
        case _:
            render.write_error(
                f"a bug in voxguard: {type(error).__name__} {_place(error)}",
                "run it again with VOXGUARD_DEBUG=1 and report what that shows",
            )
            return BUG


def _usage_hint(error: TyperException) -> str | None:
    context = getattr(error, "ctx", None)
    return f"see {context.command_path} --help" if context is not None else None


def _system_message(error: OSError) -> str:
    reason = error.strerror or type(error).__name__
    if error.filename is not None:
        return f"{error.filename}: {reason}"
    if isinstance(error, FileNotFoundError) and _stands_nowhere():
        return "the current directory has been removed"
    return reason


def _stands_nowhere() -> bool:
    try:
        os.getcwd()  # noqa: PTH109 - nothing is made of the path
    except FileNotFoundError:
        return True
    return False


def _place(error: Exception) -> str:
    """The innermost line of our own that the error went through.

    The message of an unexpected error is not shown, since nobody has checked it for secrets.
    """
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(_PACKAGE)]
    if not ours:
        return "outside of the package"
    file = Path(ours[-1].filename).relative_to(_PACKAGE.parent)
    return f"at {file}:{ours[-1].lineno}"
