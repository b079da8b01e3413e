"""The report in other programs' formats: GitHub's workflow commands, and SARIF 2.1.0."""

from collections.abc import Iterator
from urllib.parse import quote

from voxguard import __version__
from voxguard.lint.checks import CHECKS
from voxguard.lint.report import LintReport
from voxguard.model.problems import Problem
from voxguard.policy import checks as loading

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


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
        file = _path(root, mark.file)
        properties = ",".join([f"file={_property(file)}", *position, f"title={_property(title)}"])
        yield f"::{problem.level.value} {properties}::{_data(_text(problem))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _path(root: str, file: str) -> str:
    return file if root in ("", ".") else f"{root.rstrip('/')}/{file}"


def _text(problem: Problem) -> str:
    return f"{problem.message} {problem.hint}" if problem.hint else problem.message


def as_sarif(report: LintReport, root: str) -> dict[str, object]:
    """The report as one SARIF log with one run; all checks that there are stand in it.

    Source: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0".
    """
    rules = [*loading.ALL, *(check.check for check in CHECKS)]
    index = {rule.id: number for number, rule in enumerate(rules)}
    abouts = {check.id: check.about.partition("\n")[0] for check in CHECKS}
    driver = {
        "name": "voxguard",
        "version": __version__,
        "rules": [_rule(rule, abouts.get(rule.id)) for rule in rules],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(problem, index[problem.check], root) for problem in report.problems],
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(check: loading.Check, about: str | None) -> dict[str, object]:
    rule: dict[str, object] = {"id": check.id, "name": check.name}
    if about is not None:
        text = about.partition("): ")[2]
        rule["shortDescription"] = {"text": f"{text[:1].upper()}{text[1:]}"}
    return rule


def _result(problem: Problem, index: int, root: str) -> dict[str, object]:
    mark = problem.mark
    physical: dict[str, object] = {
        "artifactLocation": {"uri": quote(_path(root, mark.file), errors="surrogateescape")}
    }
    if mark.line is not None:
        region = {"startLine": mark.line}
        if mark.column is not None:
            region["startColumn"] = mark.column
        physical["region"] = region
    location: dict[str, object] = {"physicalLocation": physical}
    if problem.pointer:
        location["logicalLocations"] = [{"fullyQualifiedName": problem.pointer}]
    return {
        "ruleId": problem.check,
        "ruleIndex": index,
        "level": problem.level.value,
        "message": {"text": _text(problem)},
        "locations": [location],
    }
