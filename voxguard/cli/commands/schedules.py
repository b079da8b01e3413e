"""`voxguard schedules`: when the schedules of a policy set are open."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from voxguard.cli.loading import load_policies
from voxguard.cli.options import Format, FormatOption, PathArgument, command_app, parse_instant

if TYPE_CHECKING:
    from voxguard.scenario.names import Names
    from voxguard.scenario.spans import ScheduleSpan

app = command_app()

DAYS_SHOWN = 14

NameArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="NAME", help="One schedule; PATH comes before it. Default: all.", show_default=False
    ),
]
FromOption = Annotated[
    datetime | None,
    typer.Option(
        "--from",
        metavar="T",
        parser=parse_instant,
        help="The beginning, UTC where no offset is given. Default: now.",
        show_default=False,
    ),
]
ToOption = Annotated[
    datetime | None,
    typer.Option(
        "--to",
        metavar="T",
        parser=parse_instant,
        help=f"The end, in the same way. Default: {DAYS_SHOWN} days after the beginning.",
        show_default=False,
    ),
]


@app.command()
def schedules(
    path: PathArgument = None,
    name: NameArgument = None,
    from_: FromOption = None,
    to: ToOption = None,
    form: FormatOption = Format.HUMAN,
) -> None:
    """Show when schedules are open.

    Times are those on the clocks of each schedule's zone, with their offset from UTC. An
    interval includes its first instant and excludes its last.
    """
    policy_set = load_policies(path)
    from voxguard.cli import render
    from voxguard.scenario.names import Names, schedules_named
    from voxguard.scenario.spans import Span, look, spans_json

    now = datetime.now(UTC).replace(microsecond=0)
    span = Span.of(from_ or now, to, timedelta(days=DAYS_SHOWN))
    found = look(schedules_named(policy_set, name), span, now)
    if form is Format.JSON:
        render.write_json(spans_json(found, span, now))
        return
    names = Names(policy_set)
    for position, each in enumerate(found):
        if position:
            render.write_line("")
        _write(each, names)
    if not found:
        render.write_line("the policy set has no schedules")


def _write(each: "ScheduleSpan", names: "Names") -> None:
    from rich.text import Text

    from voxguard.cli import render

    console = render.output()
    now, style = ("open", "bold green") if each.open_now else ("closed", "bold red")
    changes_at = each.changes_at
    verb = "closes" if each.open_now else "opens"
    change = "" if changes_at is None else f", {verb} {_clock(each, changes_at)}"
    console.print(
        Text.assemble(
            (each.name, "bold"),
            f" of {names.guild(each.guild.id)} ({each.schedule.zone.key}): now ",
            (now, style),
            change,
        )
    )
    last = len(each.intervals) - 1
    for position, interval in enumerate(each.intervals):
        line = f"  {_clock(each, interval.start)}  to  {_clock(each, interval.end)}"
        notes = [str(interval.end - interval.start)]
        if position == 0 and each.open_before:
            notes.append("open before that too")
        if position == last and each.open_after and not each.truncated:
            notes.append("and on from there")
        console.print(Text.assemble(line, (f"  {', '.join(notes)}", "dim")))
    if not each.intervals:
        console.print(Text("  never in this span", "dim"))
    if each.truncated:
        console.print(Text(f"  and more after these {len(each.intervals)}", "dim"))


def _clock(each: "ScheduleSpan", at: datetime) -> str:
    return f"{each.local(at):%a %Y-%m-%d %H:%M:%S%z}"
