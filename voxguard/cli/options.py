"""What commands have in common: their frame, the policy set's path, formats, instants."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer
from typer.core import MarkupMode

PLAIN_HELP: Final[MarkupMode] = None
"""Help without frames: Typer 0.29 draws flags as if they took a value and cuts off long words."""


class Format(StrEnum):
    """How an answer is written: for people, or as JSON for programs."""

    HUMAN = "human"
    JSON = "json"


def parse_instant(text: str) -> datetime:
    """Read an ISO 8601 date or date and time; without an offset it is UTC.

    Raises:
        typer.BadParameter: It is none.
    """
    try:
        instant = datetime.fromisoformat(text)
        if instant.tzinfo is None:
            return instant.replace(tzinfo=UTC)
        return instant.astimezone(UTC)
    except (ValueError, OverflowError):
        message = f"{text!r} is not an instant such as 2026-03-01T19:00:00Z"
        raise typer.BadParameter(message) from None


def parse_length(text: str) -> timedelta:
    """Read a length of time as policies write it, like 90s, 15m or 1h30m.

    Raises:
        typer.BadParameter: It is none.
    """
    from pydantic_core import PydanticCustomError

    from voxguard.policy.values import parse_duration

    try:
        return parse_duration(text)
    except PydanticCustomError as error:
        raise typer.BadParameter(str(error)) from None


PathArgument = Annotated[
    Path | None,
    typer.Argument(
        metavar="PATH",
        help="The policy set's directory. Default: VOXGUARD_POLICIES, else ./policies.",
        show_default=False,
    ),
]

FormatOption = Annotated[Format, typer.Option("--format", help="How the answer is written.")]


def command_app(summary: str | None = None) -> typer.Typer:
    """The `app` of a command's module; `summary` is for commands that have subcommands."""
    app = typer.Typer(add_completion=False, help=summary, rich_markup_mode=PLAIN_HELP)
    if summary is not None:
        # With a callback even a single subcommand keeps its name.
        app.callback()(_nothing)
    return app


def _nothing() -> None:
    return None


def policy_path(argument: Path | None) -> Path:
    """Where the policy set is: what the command was given, else what the settings say.

    Raises:
        UsageError: A setting is wrong.
    """
    if argument is not None:
        return argument
    from voxguard.settings import load_settings

    return load_settings().policies
