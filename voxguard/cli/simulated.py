"""A simulation as people read it: a line a decision, and in the end how many of what."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.text import Text

from voxguard.cli import render

if TYPE_CHECKING:
    from rich.console import Console

    from voxguard.scenario.names import Names
    from voxguard.scenario.simulate import Simulation

_COUNTED = "decisions"
_HELD_SECONDS = 0.05


class Lines:
    """Lines on their way to standard output.

    On a terminal the bar is drawn anew below whatever is printed, which takes six times as
    long as the line. So lines are held back for a moment and printed together, unless each
    is to be seen `at_once`, since nobody knows when another one comes.
    """

    def __init__(self, console: "Console", *, at_once: bool) -> None:
        self._console = console
        self._at_once = at_once
        self._held: list[Text] = []
        self._next_at = 0.0

    @classmethod
    @contextmanager
    def to(cls, console: "Console", *, at_once: bool) -> "Iterator[Lines]":
        """Lines of which none is held back any more when the block ends, however it ends."""
        lines = cls(console, at_once=at_once)
        try:
            yield lines
        finally:
            lines.flush()

    def write(self, line: Text) -> None:
        """Print a line, at once or soon."""
        if not self._console.is_terminal:
            render.write_line(line.plain)
            return
        self._held.append(line)
        if self._at_once or time.monotonic() >= self._next_at:
            self.flush()

    def flush(self) -> None:
        """Print what is held back."""
        if self._held:
            self._console.print(Text("\n").join(self._held))
            self._held.clear()
            self._next_at = time.monotonic() + _HELD_SECONDS


def write_summary(simulation: "Simulation", names: "Names") -> None:
    """The sums, and a table for each way of counting that tells something apart."""
    if simulation.decisions:
        render.write_line("")
    render.write_line(
        f"{_counted(simulation.events, 'event')}, {_counted(simulation.decisions, 'decision')}"
    )
    guilds = {names.guild(guild_id): count for guild_id, count in simulation.by_guild.items()}
    for by, counts, fewest in (
        ("rule", simulation.by_rule, 1),
        ("effect", simulation.by_effect, 1),
        ("mode", simulation.by_mode, 2),
        ("guild", guilds, 2),
    ):
        if len(counts) >= fewest:
            render.write_line("")
            _write_counts(by, counts)


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _write_counts(by: str, counts: Mapping[str, int]) -> None:
    """Most first; those of which there are as many by name."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    width = max(len(_COUNTED), len(f"{ordered[0][1]:,}"))
    rows = [(str(name), f"{count:,}".rjust(width)) for name, count in ordered]
    render.write_table((by, _COUNTED), rows)
