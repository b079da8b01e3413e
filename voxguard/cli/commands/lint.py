"""`voxguard lint`: every problem of a policy set in one run."""

from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voxguard.cli.options import PathArgument, command_app, policy_path
from voxguard.model.problems import Level

if TYPE_CHECKING:
    from collections.abc import Callable

    from voxguard.lint.base import Base
    from voxguard.lint.fixing import Fixed
    from voxguard.lint.report import LintReport
    from voxguard.policy.files import Sources

app = command_app()


class LintFormat(StrEnum):
    """How the report is written: for people, as JSON, for GitHub's log, as SARIF."""

    HUMAN = "human"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"


FormatOption = Annotated[LintFormat, typer.Option("--format", help="How the answer is written.")]

FailLevelOption = Annotated[
    Level, typer.Option("--fail-level", help="The least level that makes the exit code 1.")
]

FixOption = Annotated[
    bool, typer.Option("--fix", help="Also write quotes round unquoted ids, and nothing else.")
]

BaseOption = Annotated[
    str | None,
    typer.Option(
        "--base",
        metavar="REV",
        help="Also look for what has been removed since this commit of git and is still named.",
        show_default=False,
    ),
]

_MOST_LINES = 20

_STYLES = {
    "error": "bold red",
    "warning": "bold yellow",
    "place": "cyan",
    "source": "",
    "hint": "dim",
}


@app.command()
def lint(
    path: PathArgument = None,
    form: FormatOption = LintFormat.HUMAN,
    fail_level: FailLevelOption = Level.ERROR,
    fix: FixOption = False,
    base: BaseOption = None,
) -> int:
    """Show every problem of a policy set.

    The policy tests beside it are played as well, to find rules that none of them covers. Exits
    with 0 when all is well, 1 when findings reach the fail level, 2 when there is no such
    commit to compare with, 3 when the set does not load. With --fix the report is that of the
    set as it is afterwards.
    """
    from functools import partial

    from voxguard.cli.tested import Trial
    from voxguard.lint.report import lint as report_on
    from voxguard.policy.files import read_sources
    from voxguard.settings import load_settings

    directory = policy_path(path)
    run = partial(
        report_on,
        now=datetime.now(UTC),
        base=_base(base, directory),
        trial=Trial(directory),
        retention=load_settings().retention,
    )
    report = run(read_sources(directory))
    if fix:
        report = _fix(report, directory, run, form)
    _write(report, form, _from_here(directory))
    return report.exit_code(fail_level)


def _base(rev: str | None, directory: Path) -> "Base | None":
    """What the set was in a commit; None where that is not asked, or there is no set now."""
    if rev is None or not directory.is_dir():
        return None
    from voxguard.cli import render
    from voxguard.cli.git import read_base

    base = read_base(directory, rev)
    if not base.sources.policies:
        render.write_warning(f"{directory} has no policy file in {base}: nothing to compare with")
    return base


def _fix(
    report: "LintReport",
    directory: Path,
    again: "Callable[[Sources], LintReport]",
    form: LintFormat,
) -> "LintReport":
    """Fix what can be and say so; machine formats keep standard output to themselves."""
    from voxguard.cli import render
    from voxguard.lint.fixing import fix

    if report.revision is None:
        render.write_warning("nothing is fixed: the set has to load first")
        return report
    report, done = fix(report, directory, again)
    lines = [_told(each) for each in done] or ["nothing to fix"]
    for line in lines:
        text = render.printable(line)
        if form is LintFormat.HUMAN:
            render.write_line(text)
        else:
            render.write_note(text)
    return report


def _told(fixed: "Fixed") -> str:
    lines = ", ".join(map(str, fixed.lines[:_MOST_LINES]))
    more = ", …" if len(fixed.lines) > _MOST_LINES else ""
    word = "line" if len(fixed.lines) == 1 else "lines"
    what = f"{fixed.check.id} {fixed.check.name}"
    return f"fixed: {fixed.file}: {fixed.count} of {what}, in {word} {lines}{more}"


def _from_here(directory: Path) -> str:
    """The way to the set from where the command runs: in CI, the repository's top."""
    try:
        return directory.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return directory.as_posix()


def _write(report: "LintReport", form: LintFormat, root: str) -> None:
    from voxguard.cli import render
    from voxguard.lint.github import as_github
    from voxguard.lint.sarif import as_sarif

    match form:
        case LintFormat.HUMAN:
            _write_human(report)
        case LintFormat.JSON:
            render.write_json(report.as_json())
        case LintFormat.SARIF:
            render.write_json(as_sarif(report, root))
        case LintFormat.GITHUB:
            for line in as_github(report, root):
                render.write_line(render.printable(line))


def _write_human(report: "LintReport") -> None:
    from rich.text import Text

    from voxguard.cli import render

    console = render.output()
    for line in report.lines(console.width) if console.is_terminal else report.lines():
        text = Text()
        for piece, role in line:
            text.append(render.printable(piece).replace("\n", "\\n"), _STYLES.get(role, ""))
        if console.is_terminal:
            console.print(text)
        else:
            render.write_line(text.plain)
