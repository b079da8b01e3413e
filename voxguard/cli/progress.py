"""How far a trace has been read, drawn where people look: on a terminal, and nowhere else."""

import os
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

    from voxguard.scenario.trace import Moment

_OFTEN_SECONDS = 0.1
"""Between two looks at the clock of the trace: drawing is dearer than reading."""


def size_of(file: BinaryIO) -> int | None:
    """The bytes that there are to read; None where only the end will tell, as in a pipe."""
    try:
        status = os.fstat(file.fileno())
        return status.st_size - file.tell() if stat.S_ISREG(status.st_mode) else None
    except OSError:
        # Not a file of the system's.
        return None


@contextmanager
def shown(
    moments: "Iterator[Moment]", size: int | None, console: "Console | None" = None
) -> "Iterator[Iterator[Moment]]":
    """The same moments, with a bar for as long as the block lasts, if standard error is a terminal.

    Where the size is not known the bar only says that there is progress. `console` is where
    the block prints, if it does: with two on one terminal, the one would wipe out the bar of
    the other.
    """
    if not sys.stderr.isatty():
        yield moments
        return
    with _bar(console) as bar:
        yield _advance(bar, moments, size)


def _bar(console: "Console | None") -> "Progress":
    from rich.progress import (
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeElapsedColumn,
    )

    from voxguard.cli import render

    on_screen = sys.stdout.isatty()
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=20),
        TaskProgressColumn(),
        TextColumn("{task.fields[events]:,} events"),
        TextColumn("{task.fields[at]}", style="dim"),
        TimeElapsedColumn(),
        console=(console or render.output()) if on_screen else render.messages(),
        transient=True,
        # Lines that go to a pipe must not be caught; those for the screen go above the bar.
        redirect_stdout=on_screen,
    )


def _advance(bar: "Progress", moments: "Iterator[Moment]", size: int | None) -> "Iterator[Moment]":
    task = bar.add_task("simulating", total=size, events=0, at="")
    events, next_at = 0, 0.0
    for moment in moments:
        yield moment
        events += moment.count
        if (now := time.monotonic()) >= next_at:
            at = f"{moment.at:%Y-%m-%d %H:%M}"
            bar.update(task, completed=moment.bytes_read, events=events, at=at)
            next_at = now + _OFTEN_SECONDS
