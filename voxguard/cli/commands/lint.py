"""`voxguard lint`: every problem of a policy set in one run."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from voxguard.cli.options import Format, FormatOption, PathArgument, command_app, policy_path
from voxguard.model.problems import Level

if TYPE_CHECKING:
    from voxguard.lint.report import LintReport

app = command_app()

FailLevelOption = Annotated[
    Level, typer.Option("--fail-level", help="The least level that makes the exit code 1.")
]

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
    form: FormatOption = Format.HUMAN,
    fail_level: FailLevelOption = Level.ERROR,
) -> int:
    """Show every problem of a policy set.

    Exits with 0 when all is well, 1 when findings reach the fail level, 3 when the set does
    not load.
    """
    from voxguard.cli import render
    from voxguard.lint.report import lint as report_on
    from voxguard.policy.files import read_sources

    report = report_on(read_sources(policy_path(path)), datetime.now(UTC))
    if form is Format.JSON:
        render.write_json(report.as_json())
    else:
        _write_human(report)
    return report.exit_code(fail_level)


def _write_human(report: "LintReport") -> None:
    from rich.text import Text

    from voxguard.cli import render

    console = render.output()
    for line in report.lines():
        text = Text()
        for piece, role in line:
            text.append(render.printable(piece).replace("\n", "\\n"), _STYLES.get(role, ""))
        if console.is_terminal:
            console.print(text)
        else:
            render.write_line(text.plain)
