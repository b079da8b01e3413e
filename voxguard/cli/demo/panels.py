"""The screen of the demonstration, drawn anew for each view."""

from datetime import datetime

from rich.console import RenderableType
from rich.layout import Layout
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from voxguard.daemon.demo.view import EditView, MemberView, View

SMALLEST = (80, 24)
"""Columns and lines below which the screen would hide what matters."""

_ROOMY_LINES = 30
_ROOMY_COLUMNS = 110
_OUTCOMES = {"applied": "green", "failed": "red", "unknown": "red"}


def draw(view: View, columns: int, lines: int) -> Layout:
    """The whole screen; it takes up all of the space."""
    roomy = lines >= _ROOMY_LINES
    screen = Layout()
    middle = Layout(size=11)
    middle.split_row(
        Layout(_framed("channels", _channels(view))),
        Layout(_framed("due", _timers(view, wide=columns >= _ROOMY_COLUMNS))),
    )
    edits = 3 if roomy else 1
    screen.split_column(
        Layout(_headline(view, columns), size=1),
        Layout(Text(view.caption, style="bold"), size=2),
        middle,
        Layout(_framed("decisions", decisions_table(view, last=lines))),
        Layout(_framed("policy files", _edits(view.edits[-edits:])), size=2 * edits + 2),
    )
    return screen


def decisions_table(view: View, last: int | None = None) -> Table:
    """Decisions, the newest first: when, whom, what, by which rule, how it went."""
    table = _table(6)
    for decision in list(reversed(view.decisions))[:last]:
        outcome = decision.outcome or "…"
        table.add_row(
            Text(f"{_seconds(decision.at, view.began_at):.1f} s", style="dim"),
            Text(decision.member, style="bold"),
            Text(decision.effect, style="yellow"),
            Text(decision.rule),
            Text(outcome, style=_OUTCOMES.get(outcome, "dim")),
            Text(decision.latency, style="dim"),
        )
    return table


def _headline(view: View, columns: int) -> Text:
    seconds = _seconds(view.at, view.began_at)
    parts = ["voxguard demo", view.guild, view.state]
    if view.revision:
        parts.append(f"revision {view.revision}")
    headline = f" {'  '.join(filter(None, parts))}  {seconds:.0f} s"
    return Text(headline.ljust(columns), style="reverse cyan", no_wrap=True)


def _channels(view: View) -> Table:
    table = _table(4)
    for channel in view.channels:
        name = Text(channel.name, style="cyan")
        if not channel.members:
            table.add_row(name, Text("nobody", style="dim"), "", "")
        for member in channel.members:
            table.add_row(name, *_member(member, view.at))
            name = Text()
    return table


def _member(member: MemberView, at: datetime) -> tuple[Text, Text, Text]:
    return (
        Text(member.name, style="bold"),
        Text(", ".join(member.marks), style="red"),
        Text(f"{max(0, _seconds(at, member.since_at)):.0f} s", style="dim"),
    )


def _timers(view: View, *, wide: bool) -> Table:
    table = _table(3 if wide else 2)
    for timer in view.timers:
        left = max(0.0, _seconds(timer.due_at, view.at))
        due = Text(f"{left:.1f} s" if left < 10 else f"{left:.0f} s", style="yellow")
        members = Text(", ".join(timer.members), style="bold")
        why = Text(f"{timer.rule}: {timer.effect}")
        if wide:
            table.add_row(due, members, why)
        else:
            table.add_row(due, members)
            table.add_row("", why)
    return table


def _edits(edits: tuple[EditView, ...]) -> Table:
    table = _table(2)
    for edit in edits:
        table.add_row(Text(edit.file, style="cyan"), Text(edit.change))
        table.add_row("", Text(edit.verdict, style="red" if edit.refused else "green"))
    return table


def _table(columns: int) -> Table:
    table = Table(box=None, show_header=False, expand=True, padding=(0, 1, 0, 0), pad_edge=False)
    for _ in range(columns):
        table.add_column(no_wrap=True, overflow="ellipsis")
    table.columns[-1].ratio = 1
    return table


def _framed(title: str, content: RenderableType) -> Panel:
    return Panel(content, title=title, title_align="left", border_style="dim")


def _seconds(later: datetime, earlier: datetime) -> float:
    return (later - earlier).total_seconds()
