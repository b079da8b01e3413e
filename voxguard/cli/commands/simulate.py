"""`voxguard simulate`: a recorded trace through a policy set."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from voxguard.cli.loading import load_policies
from voxguard.cli.options import Format, FormatOption, PathArgument, command_app
from voxguard.errors import UsageError

if TYPE_CHECKING:
    from rich.progress import Progress

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

    with ExitStack() as stack:
        file, size = _open(trace, stack)
        policy_set = load_policies(path)
        simulation = Simulation(compile_policies(policy_set))
        stack.enter_context(_seldom_collected())
        moments = _shown(read_trace(file, "standard input" if trace == "-" else trace), size, stack)
        if form is Format.JSON:
            _write_json(simulation, moments)
        else:
            _write_human(simulation, moments, policy_set)


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


def _open(trace: str, stack: ExitStack) -> tuple[BinaryIO, int]:
    if trace == "-":
        if sys.stdin is None:
            raise UsageError("standard input is closed", hint="give the trace as a file")
        return sys.stdin.buffer, 0
    path = Path(trace)
    return stack.enter_context(path.open("rb")), path.stat().st_size


def _shown(moments: "Iterator[Moment]", size: int, stack: ExitStack) -> "Iterator[Moment]":
    """The same with a bar on a terminal, where it is known how long the trace is."""
    if not size or not sys.stderr.isatty():
        return moments
    from rich.progress import Progress

    from voxguard.cli import render

    # Lines that go to a pipe must not be caught; those for the screen go above the bar.
    bar = Progress(console=render.messages(), transient=True, redirect_stdout=sys.stdout.isatty())
    return _advance(stack.enter_context(bar), moments, size)


def _advance(bar: "Progress", moments: "Iterator[Moment]", size: int) -> "Iterator[Moment]":
    task = bar.add_task("simulating", total=size)
    for number, moment in enumerate(moments):
        if number % 1_000 == 0:
            bar.update(task, completed=moment.bytes_read)
        yield moment


def _write_json(simulation: "Simulation", moments: "Iterable[Moment]") -> None:
    from voxguard.cli import render
    from voxguard.scenario.simulate import as_json

    for decision in simulation.run(moments):
        render.write_json(as_json(decision), indent=None)
    render.write_json({"summary": simulation.summary()}, indent=None)


def _write_human(
    simulation: "Simulation", moments: "Iterable[Moment]", policy_set: "PolicySet"
) -> None:
    from voxguard.cli import render
    from voxguard.cli.decisions import decision_line
    from voxguard.scenario.names import Names

    names = Names(policy_set)
    console = render.output()
    for decision in simulation.run(moments):
        line = decision_line(decision, names, simulation.engine)
        if console.is_terminal:
            console.print(line)
        else:
            render.write_line(line.plain)
    if simulation.decisions:
        render.write_line("")
    render.write_line(f"{simulation.events} events, {simulation.decisions} decisions")
    rows = [("rule", name, str(n)) for name, n in sorted(simulation.by_rule.items())]
    rows += [("effect", str(effect), str(n)) for effect, n in sorted(simulation.by_effect.items())]
    if rows:
        render.write_table(("by", "name", "decisions"), rows)
