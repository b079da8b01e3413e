"""`voxguard test`: policy tests on a virtual clock."""

from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voxguard.cli.loading import load_policies, refuse_to_load
from voxguard.cli.options import PathArgument, command_app, policy_path
from voxguard.errors import UsageError

if TYPE_CHECKING:
    from voxguard.policy.cases.case import Case
    from voxguard.policy.resolved import PolicySet
    from voxguard.scenario.cases.report import Line
    from voxguard.scenario.cases.run import Player

app = command_app()


class TestFormat(StrEnum):
    """How results are written: for people, for programs, or for the pages of a CI server."""

    HUMAN = "human"
    JSON = "json"
    JUNIT = "junit"


RunOption = Annotated[
    str | None,
    typer.Option(
        "--run",
        metavar="PATTERN",
        help="Only tests whose name has this in it or, with * and ?, is like this.",
        show_default=False,
    ),
]
TestFormatOption = Annotated[TestFormat, typer.Option("--format", help="How results are written.")]
CoverageOption = Annotated[
    bool, typer.Option("--coverage", help="Also tell which rules no test has made hold.")
]

_STYLES = {"passed": "green", "failed": "bold red", "place": "cyan", "title": "bold", "hint": "dim"}


@app.command()
def run_tests(
    path: PathArgument = None,
    run: RunOption = None,
    form: TestFormatOption = TestFormat.HUMAN,
    coverage: CoverageOption = False,
) -> int:
    """Run the tests of a policy set on a virtual clock.

    Tests stand in *.test.yaml beside the policies. Exits with 0 when all pass, 1 when one
    fails, 2 when no test has the name that was asked for, 3 when the set or a test file does
    not load.
    """
    from voxguard.scenario.cases.run import Player

    policy_set = load_policies(path)
    cases = _chosen(_load(policy_path(path), policy_set), run)
    player = Player(policy_set)
    if form is TestFormat.HUMAN:
        return _write_human(player, cases, policy_set, coverage=coverage)
    return _write_machine(player, cases, policy_set, form, coverage=coverage)


def _load(path: Path, policy_set: "PolicySet") -> "tuple[Case, ...]":
    from voxguard.policy.cases.load import load_cases
    from voxguard.policy.files import read_tests

    loaded = load_cases(policy_set, read_tests(path))
    if loaded.problems:
        raise refuse_to_load(f"the tests in {path} do not load", loaded.problems)
    if not loaded.cases:
        from voxguard.cli import render

        render.write_warning(f"there is no *.test.yaml in {path}")
    return loaded.cases


def _chosen(cases: "tuple[Case, ...]", pattern: str | None) -> "list[Case]":
    if pattern is None:
        return list(cases)
    from fnmatch import fnmatchcase

    chosen = [case for case in cases if pattern in case.name or fnmatchcase(case.name, pattern)]
    if not chosen:
        raise UsageError(
            f"no test has a name with {pattern!r}", hint=f"there are {len(cases)} tests"
        )
    return chosen


def _write_human(
    player: "Player", cases: "Iterable[Case]", policy_set: "PolicySet", *, coverage: bool
) -> int:
    from voxguard.scenario.cases.report import result_lines, summary_lines
    from voxguard.scenario.cases.results import Run

    results = []
    for result in player.play(cases):
        _write_lines(result_lines(result))
        results.append(result)
    run = Run(policy_set.short_revision, tuple(results))
    _write_lines(summary_lines(run, player.coverage() if coverage else None))
    return 1 if run.failed else 0


def _write_machine(
    player: "Player",
    cases: "Iterable[Case]",
    policy_set: "PolicySet",
    form: TestFormat,
    *,
    coverage: bool,
) -> int:
    from voxguard.cli import render
    from voxguard.scenario.cases.junit import junit
    from voxguard.scenario.cases.report import run_json
    from voxguard.scenario.cases.results import Run

    began_at = datetime.now(UTC)
    run = Run(policy_set.short_revision, tuple(player.play(cases)))
    found = player.coverage() if coverage else None
    if form is TestFormat.JSON:
        render.write_json(run_json(run, found))
    else:
        render.write_line(junit(run, found, began_at))
    return 1 if run.failed else 0


def _write_lines(lines: "Iterable[Line]") -> None:
    from rich.text import Text

    from voxguard.cli import render

    console = render.output()
    for line in lines:
        text = Text()
        for piece, role in line:
            text.append(render.printable(piece).replace("\n", "\\n"), _STYLES.get(role, ""))
        if console.is_terminal:
            console.print(text)
        else:
            render.write_line(text.plain)
