"""Those who watch the demonstration: a live screen, lines in a pipe, and a picture."""

import re
from io import StringIO
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.live import Live
from rich.terminal_theme import MONOKAI
from rich.text import Text

from voxguard.cli.demo.panels import draw
from voxguard.daemon.demo.view import View

PICTURE_SIZE = (100, 30)
# A picture that is looked at should not ask another server for its letters.
_FONTS = re.compile(r"@font-face \{[^}]*\}\s*")
_STYLES = {"story": "bold", "file": "cyan", "decided": "yellow"}


class Screen:
    """Draws on the whole terminal, and gives it back as it was."""

    def __init__(self, console: Console) -> None:
        """Draw on this console, for as long as the context lasts."""
        self._console = console
        self._live = Live(console=console, screen=True, auto_refresh=False)

    def __enter__(self) -> Self:
        """Take the terminal over."""
        self._live.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give it back."""
        self._live.__exit__(kind, error, trace)

    def show(self, view: View) -> None:
        """Draw."""
        width, height = self._console.size
        self._live.update(draw(view, width, height), refresh=True)


class Lines:
    """Writes what is new, a line each."""

    def __init__(self, console: Console) -> None:
        """Write to this console."""
        self._console = console
        self._caption = ""

    def show(self, view: View) -> None:
        """Write what has happened since the last time."""
        if not view.guild and view.caption != self._caption:
            self._caption = view.caption
            self._write(0, "story", view.caption)
        for news in view.news:
            self._write((news.at - view.began_at).total_seconds(), news.kind, news.text)

    def _write(self, seconds: float, kind: str, text: str) -> None:
        time = Text(f"{seconds:6.2f} s  {kind:<8}", style="dim")
        self._console.print(Text.assemble(time, (text, _STYLES.get(kind, ""))))


class Picture:
    """Keeps the fullest view, for a file in the end."""

    def __init__(self) -> None:
        """Begin with nothing seen."""
        self._best: View | None = None

    def show(self, view: View) -> None:
        """Keep it, if there is no fuller one."""
        if self._best is None or _fullness(view) > _fullness(self._best):
            self._best = view

    def save(self, path: Path) -> None:
        """Write it as SVG."""
        width, height = PICTURE_SIZE
        console = Console(
            record=True, width=width, height=height, file=StringIO(), force_terminal=True
        )
        if self._best is not None:
            console.print(draw(self._best, width, height))
        drawn = console.export_svg(title="voxguard demo", theme=MONOKAI)
        path.write_text(_FONTS.sub("", drawn), encoding="utf-8")


def _fullness(view: View) -> int:
    marks = sum(len(member.marks) for channel in view.channels for member in channel.members)
    settled = sum(decision.outcome is not None for decision in view.decisions)
    refused = sum(edit.refused for edit in view.edits)
    return 2 * marks + 2 * len(view.timers) + settled + 10 * refused
