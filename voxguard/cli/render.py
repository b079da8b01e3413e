"""What reaches the screen: the one place that knows terminals, pipes and colours.

On a terminal Rich draws; in a pipe the same content comes plain. Machine formats alone go to
standard output; progress, warnings and errors go to standard error. NO_COLOR
(https://no-color.org) is honoured, by Rich itself.
"""

import json
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from rich.console import Console

# Wide enough that nothing is folded or cut where no screen sets a limit.
_PIPE_COLUMNS = 10_000


def _console(stream: TextIO) -> "Console":
    from rich.console import Console

    console = Console(file=stream, highlight=False, soft_wrap=True)
    if not console.is_terminal:
        console = Console(file=stream, highlight=False, no_color=True, width=_PIPE_COLUMNS)
    return console


def output() -> "Console":
    """Standard output for people. Text is markup to `print`: wrap what users wrote in `Text`."""
    return _console(sys.stdout)


def messages() -> "Console":
    """Standard error for people."""
    return _console(sys.stderr)


def printable(text: str) -> str:
    r"""Show control characters as escapes (`\x1b`), so that no input can steer a terminal."""
    return "".join(
        character
        if character.isprintable() or character == "\n"
        else character.encode("unicode_escape").decode()
        for character in text
    )


def write_line(text: str) -> None:
    """One line of a machine format, or of plain text, to standard output."""
    sys.stdout.write(text + "\n")


def write_json(value: Any, *, indent: int | None = 2) -> None:  # noqa: ANN401 - whatever JSON can hold
    """One JSON document to standard output; `indent=None` gives one line, as JSON Lines want."""
    write_line(json.dumps(value, indent=indent, ensure_ascii=False))


def write_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table to standard output: framed on a terminal, aligned columns in a pipe."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    console = output()
    frame = box.ROUNDED if console.is_terminal else None
    table = Table(box=frame, pad_edge=frame is not None, header_style="bold")
    for column in columns:
        table.add_column(Text(column), overflow="fold")
    for row in rows:
        table.add_row(*(Text(printable(cell)) for cell in row))
    if frame is not None:
        console.print(table)
        return
    with console.capture() as capture:
        console.print(table)
    for line in capture.get().splitlines():
        write_line(line.rstrip())


def _message(kind: str, style: str, text: str) -> None:
    from rich.text import Text

    messages().print(Text.assemble((kind, style), " ", printable(text)))


def write_error(message: str, hint: str | None = None) -> None:
    """What went wrong, and what to do about it, to standard error."""
    _message("error:", "bold red", message)
    if hint:
        _message("hint:", "bold cyan", hint)


def write_warning(message: str) -> None:
    """Something that does not keep the command from going on, to standard error."""
    _message("warning:", "bold yellow", message)


def write_note(message: str) -> None:
    """Something that is good to know, to standard error."""
    _message("note:", "bold", message)
