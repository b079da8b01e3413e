from dataclasses import replace
from io import StringIO
from pathlib import Path

from rich.console import Console

from tests.unit.cli.demo.views import BEGAN, after, full_view
from voxguard.cli.demo.watchers import Lines, Picture, Screen
from voxguard.daemon.demo.view import News, View


def test_lines_are_written_once_each() -> None:
    """In a pipe each piece of news is a line with its time, and markup is left alone."""
    output = StringIO()
    lines = Lines(Console(file=output, width=200, no_color=True, highlight=False))
    starting = View(BEGAN, BEGAN, "It starts.")
    lines.show(starting)
    lines.show(starting)
    lines.show(full_view())
    lines.show(replace(full_view(), news=(News(after(61), "file", "saved"),)))
    assert output.getvalue().splitlines() == [
        "  0.00 s  story   It starts.",
        "  3.00 s  story   mallory [joins].",
        " 61.00 s  file    saved",
    ]


def test_the_picture_is_of_the_fullest_moment(tmp_path: Path) -> None:
    """The moment with most to see is kept, the first one of them; no font is fetched for it."""
    picture = Picture()
    best = full_view(31)
    for view in (View(BEGAN, BEGAN, "starting"), best, full_view(32), replace(best, timers=())):
        picture.show(view)
    picture.save(tmp_path / "demo.svg")
    text = (tmp_path / "demo.svg").read_text("utf-8").replace("&#160;", " ")
    assert text.startswith("<svg")
    assert "31 s" in text
    assert "mallory5" in text
    assert "font-face" not in text


def test_the_screen_gives_the_terminal_back() -> None:
    """The other screen is used and left again, and what was drawn is drawn in place."""
    output = StringIO()
    console = Console(file=output, width=80, height=24, force_terminal=True)
    with Screen(console) as screen:
        screen.show(full_view())
    written = output.getvalue()
    assert written.startswith("\x1b[?1049h")
    assert "mallory5" in written
    assert "\x1b[?1049l" in written
