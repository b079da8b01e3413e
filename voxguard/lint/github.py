"""The report as workflow commands, which GitHub shows beside the lines of a change."""

from collections.abc import Iterator

from voxguard.lint.report import LintReport
from voxguard.model.problems import Problem


def as_github(report: LintReport, root: str) -> Iterator[str]:
    """A workflow command for each problem, which GitHub shows beside the line of a change.

    `root` is the way from the repository to the policy set. Source: GitHub's documentation,
    "Workflow commands for GitHub Actions".
    """
    for problem in report.problems:
        mark = problem.mark
        position = [
            f"{key}={value}"
            for key, value in (("line", mark.line), ("col", mark.column))
            if value is not None
        ]
        title = f"{problem.check} {problem.name}"
        file = path_from(root, mark.file)
        properties = ",".join([f"file={_property(file)}", *position, f"title={_property(title)}"])
        yield f"::{problem.level.value} {properties}::{_data(text_of(problem))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def path_from(root: str, file: str) -> str:
    """The way to a file of the set from where the command runs."""
    return file if root in ("", ".") else f"{root.rstrip('/')}/{file}"


def text_of(problem: Problem) -> str:
    """What is wrong and what to do about it."""
    return f"{problem.message} {problem.hint}" if problem.hint else problem.message
