"""`voxguard simulate`: a recorded trace through a policy set."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from voxguard.cli.loading import load_policies
from voxguard.cli.options import Format, FormatOption, PathArgument, command_app
from voxguard.cli.progress import shown, size_of
from voxguard.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from voxguard.model.decisions import Decision
    from voxguard.policy.resolved import PolicySet
    from voxguard.scenario.simulate import Simulation
    from voxguard.scenario.trace import Moment

app = command_app()

TraceArgument = Annotated[
    str,
    typer.Argument(
        metavar="TRACE",
        help="The trace, as `voxguard run --record` writes it; - for standard input.",
        show_default=False,
    ),
]


@app.command()
def simulate(
    trace: TraceArgument, path: PathArgument = None, form: FormatOption = Format.HUMAN
) -> None:
    """Put a recorded trace through a policy set.

    Prints what the policies would have decided, and when, with a summary by rule and effect.
    Nothing is sent to Discord, and nothing is decided after the last line of the trace.
    """
    from voxguard.engine.compile import compile_policies
    from voxguard.scenario.simulate import Simulation
    from voxguard.scenario.trace import read_trace

    with _opened(trace) as file:
        policy_set = load_policies(path)
        simulation = Simulation(compile_policies(policy_set))
        moments = read_trace(file, "standard input" if trace == "-" else trace)
        if form is Format.JSON:
            _write_json(simulation, moments, size_of(file))
        else:
            _write_human(simulation, moments, size_of(file), policy_set)
    _warn_of_strangers(simulation, policy_set)


def _warn_of_strangers(simulation: "Simulation", policy_set: "PolicySet") -> None:
    """A trace from elsewhere would look as if the rules had nothing to decide."""
    from voxguard.cli import render

    if simulation.events and not any(map(simulation.engine.guild, policy_set.guilds)):
        ids = ", ".join(map(str, policy_set.guilds))
        render.write_warning(
            f"the trace has no GUILD_CREATE of a guild of the policy set ({ids}),"
            " so that nothing could be decided"
        )


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """Let the garbage collector look seldom: what a simulation drops has no cycles."""
    import gc

    thresholds = gc.get_threshold()
    gc.set_threshold(100_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)


@contextmanager
def _opened(trace: str) -> Iterator[BinaryIO]:
    if trace != "-":
        with Path(trace).open("rb") as file:
            yield file
    elif sys.stdin is None:
        raise UsageError("standard input is closed", hint="give the trace as a file")
    else:
        yield sys.stdin.buffer


@contextmanager
def _decisions(
    simulation: "Simulation",
    moments: "Iterator[Moment]",
    size: int | None,
    console: "Console | None" = None,
) -> "Iterator[Iterator[Decision]]":
    """The decisions one after the other, with a bar meanwhile."""
    with _seldom_collected(), shown(moments, size, console) as watched:
        yield simulation.run(watched)


def _write_json(simulation: "Simulation", moments: "Iterator[Moment]", size: int | None) -> None:
    from voxguard.cli import render
    from voxguard.scenario.simulate import as_json

    try:
        with _decisions(simulation, moments, size) as decisions:
            for decision in decisions:
                render.write_json(as_json(decision), indent=None)
    except KeyboardInterrupt:
        # Sums of a part would be taken for those of the whole.
        render.write_warning(f"{_interrupted(simulation)}; there is no summary")
        raise
    render.write_json({"summary": simulation.summary()}, indent=None)


def _write_human(
    simulation: "Simulation",
    moments: "Iterator[Moment]",
    size: int | None,
    policy_set: "PolicySet",
) -> None:
    from voxguard.cli import render
    from voxguard.cli.decisions import decision_line
    from voxguard.cli.simulated import Lines, write_summary
    from voxguard.scenario.names import Names

    names = Names(policy_set)
    console = render.output()
    try:
        with (
            _decisions(simulation, moments, size, console) as decisions,
            Lines.to(console, at_once=size is None) as lines,
        ):
            for decision in decisions:
                lines.write(decision_line(decision, names, simulation.engine))
    except KeyboardInterrupt:
        write_summary(simulation, names)
        render.write_warning(f"{_interrupted(simulation)}; the sums are those until then")
        raise
    write_summary(simulation, names)


def _interrupted(simulation: "Simulation") -> str:
    if simulation.at is None:
        return "interrupted before the first line of the trace"
    return f"interrupted at {simulation.at:%F %T}Z of the trace"
