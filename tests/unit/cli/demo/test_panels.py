from io import StringIO

import pytest
from rich.console import Console

from tests.unit.cli.demo.views import BEGAN, after, full_view
from voxguard.cli.demo.panels import SMALLEST, draw
from voxguard.daemon.demo.view import View


def drawn(view: View, columns: int, lines: int) -> list[str]:
    """The screen as text."""
    console = Console(file=StringIO(), width=columns, height=lines, color_system=None)
    with console.capture() as captured:
        console.print(draw(view, columns, lines))
    return captured.get().rstrip("\n").split("\n")


@pytest.mark.parametrize("size", [SMALLEST, (100, 30), (160, 50), (300, 100)])
def test_the_screen_has_the_size_of_the_terminal(size: tuple[int, int]) -> None:
    """At every size all is in its place, and nothing is wider or higher."""
    columns, lines = size
    rows = drawn(full_view(), columns, lines)
    assert len(rows) == lines
    assert max(map(len, rows)) <= columns
    shown = "\n".join(rows)
    for word in (
        "revision 0123456789ab",
        "alice is [bold]muted.",
        "alice  muted         29 s",
        "nobody",
        "night-silence: unmute",
        "2.5 s",
        "15 s",
        "5.1 ms after event",
        "refused: rules.yaml:7:12",
    ):
        assert word in shown


def test_the_newest_decision_is_on_top() -> None:
    """When there is no room for all, the latest ones are seen, and in which order they came."""
    rows = [row for row in drawn(full_view(decisions=40), 80, 24) if "mallory" in row]
    assert len(rows) == 4
    assert "mallory39" in rows[0]
    assert "mallory36" in rows[-1]


def test_a_decision_without_an_outcome_is_under_way() -> None:
    """What Discord has not answered yet is shown all the same."""
    (row,) = (row for row in drawn(full_view(decisions=1), 80, 24) if "mallory0" in row)
    assert "…" in row
    assert " ms " not in row


def test_there_is_a_screen_before_there_is_a_guild() -> None:
    """While things start, the screen says so."""
    shown = "\n".join(drawn(View(after(1), BEGAN, "It starts."), 80, 24))
    assert "It starts." in shown
    assert "revision" not in shown
