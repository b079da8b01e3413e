"""From the options of the command to a finished demonstration and what is said of it."""

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from io import StringIO
from pathlib import Path

from rich.text import Text

from voxguard.cli import render
from voxguard.cli.demo.panels import SMALLEST
from voxguard.cli.demo.watchers import Lines, Picture, Screen
from voxguard.daemon.demo.demo import run_demo
from voxguard.daemon.demo.view import Audience, Summary, View
from voxguard.errors import UsageError, VoxguardError

_LAST_LINES = 20
_NEXT = (
    ("voxguard lint policies", "every problem of a policy set; policies/ holds a sample"),
    ("voxguard explain policies --help", "why a rule holds for a member or doesn't"),
    ("voxguard sandbox", "the stand-in for Discord, for a daemon of your own"),
    ("docs/tutorial.md", "ten minutes from a clone to rules of your own"),
    ("docs/running.md", "with a real guild"),
)


class _All:
    """Several who watch the same."""

    def __init__(self, audiences: Sequence[Audience]) -> None:
        self._audiences = audiences

    def show(self, view: View) -> None:
        """Show it to everybody."""
        for audience in self._audiences:
            audience.show(view)


def play_demo(speed: float, picture: Path | None) -> int:
    """Play, show, sum up; the exit code.

    Raises:
        UsageError: There is no place for the picture.

    """
    if picture is not None:
        _check_place(picture)
    log = StringIO()
    try:
        with ExitStack() as stack:
            painter = Picture()
            watchers: list[Audience] = [painter]
            console = render.output()
            if _is_screen():
                watchers.append(stack.enter_context(Screen(console)))
            else:
                watchers.append(Lines(console))
            ended = asyncio.run(_until_signalled(_All(watchers), log, speed))
    except VoxguardError:
        for line in log.getvalue().splitlines()[-_LAST_LINES:]:
            sys.stderr.write(f"{render.printable(line)}\n")
        raise
    if not isinstance(ended, Summary):
        return 128 + ended
    _sum_up(ended)
    if picture is not None:
        painter.save(picture)
    return 0


def _check_place(picture: Path) -> None:
    if not picture.parent.is_dir():
        raise UsageError(f"there is no directory {picture.parent} for the picture")
    if picture.is_dir():
        raise UsageError(f"{picture} is a directory, and no file for the picture")


def _is_screen() -> bool:
    """Whether there is a terminal that can be drawn on, and large enough."""
    if not sys.stdout.isatty() or os.environ.get("TERM", "dumb") in {"dumb", "unknown"}:
        return False
    size = os.get_terminal_size(sys.stdout.fileno())
    return size.columns >= SMALLEST[0] and size.lines >= SMALLEST[1]


async def _until_signalled(audience: Audience, log: StringIO, speed: float) -> Summary | int:
    """Play to the end or to the first signal; what was started has been stopped either way.

    Further signals change nothing: stopping takes a few seconds at most, and whoever
    breaks it off leaves files behind.
    """
    playing = asyncio.create_task(run_demo(audience, log, speed=speed))
    signals: list[int] = []

    def take(number: int) -> None:
        signals.append(number)
        if len(signals) == 1:
            playing.cancel()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, take, number)
    try:
        return await playing
    except asyncio.CancelledError:
        if not signals:
            raise
        return signals[0]


def _sum_up(summary: Summary) -> None:
    console = render.output()
    effects = ", ".join(f"{count} {effect}" for effect, count in summary.by_effect.items())
    p50 = summary.p50_seconds
    facts = [
        ("decisions", f"{summary.decisions}: {effects}"),
        (
            "latency",
            "not measured"
            if p50 is None
            else f"{p50 * 1000:.1f} ms from event to request (median)",
        ),
        ("policy files", f"{summary.edits} edits while it ran, {summary.refused} refused"),
        (summary.database, ", ".join(f"{table} {n} rows" for table, n in summary.rows.items())),
    ]
    console.print(Text(f"The demo is over after {summary.seconds:.0f} s.", style="bold"))
    for name, fact in facts:
        console.print(Text.assemble((f"  {name:<18}", "cyan"), fact))
    console.print(Text("All of it ran on this machine, and nothing of it is left. Next:"))
    for what, why in _NEXT:
        console.print(Text.assemble((f"  {what:<34}", "cyan"), why))
