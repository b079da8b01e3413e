"""The report as SARIF 2.1.0, the format in which code scanning takes findings.

Source: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0"; and GitHub's
documentation, "SARIF support for code scanning", for what it needs beyond that.
"""

import re
from typing import Any
from urllib.parse import quote

from voxguard import __version__
from voxguard.lint.github import path_from, text_of
from voxguard.lint.pages import EVERY, Described, explanation, finds
from voxguard.lint.report import LintReport
from voxguard.model.problems import Level, Mark, Problem

MOST_RESULTS = 25_000
"""GitHub refuses a run with more."""

_MOST_CHARACTERS = 1_024
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"

_LINK = re.compile(r"\[([^\]]+)\]\([^)]+\)")
# What an editor would mark: a text in quotes, else up to where YAML goes on.
_WORD = re.compile(r"\"[^\"]*\"|'[^']*'|[^\s,\[\]{}\"']+?(?=:?(?:[\s,\[\]{}]|$))")

_INDEX = {check.id: number for number, check in enumerate(EVERY)}


def as_sarif(report: LintReport, root: str) -> dict[str, object]:
    """The report as one log with one run, in which all checks stand that there are.

    `root` is the way from the repository to the policy set.
    """
    texts: dict[str, list[str]] = {}
    problems = report.problems
    if len(problems) > MOST_RESULTS:
        errors_first = sorted(problems, key=lambda each: each.level is not Level.ERROR)
        problems = tuple(errors_first[:MOST_RESULTS])
    driver = {"name": "voxguard", "version": __version__, "rules": [_rule(one) for one in EVERY]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [
            _result(problem, root, report.lines_of(problem.mark.file, texts))
            for problem in problems
        ],
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(check: Described) -> dict[str, object]:
    """What GitHub shows of a check beside a finding, and when one asks for more."""
    found = _plain(finds(check))
    short = f"{found[:1].upper()}{found[1:]}."
    markdown = _plain(explanation(check)).strip()
    why = " ".join(markdown.partition("\n\n")[0].replace("**Why:**", "").split())
    return {
        "id": check.id,
        "name": check.name,
        "shortDescription": {"text": short},
        "fullDescription": {"text": f"{short} Why: {why}"[:_MOST_CHARACTERS]},
        "help": {"text": markdown.replace("**", ""), "markdown": markdown},
        "defaultConfiguration": {"level": check.level.value},
        "properties": {"problem.severity": check.level.value},
    }


def _plain(text: str) -> str:
    """Text without links, which lead nowhere outside of the documentation."""
    return _LINK.sub(r"\1", text)


def _result(problem: Problem, root: str, lines: list[str]) -> dict[str, object]:
    location: dict[str, object] = {
        "physicalLocation": {
            "artifactLocation": {"uri": _uri(path_from(root, problem.mark.file))},
            "region": _region(problem.mark, lines),
        }
    }
    if problem.pointer:
        location["logicalLocations"] = [{"fullyQualifiedName": problem.pointer}]
    return {
        "ruleId": problem.check,
        "ruleIndex": _INDEX[problem.check],
        "level": problem.level.value,
        "message": {"text": text_of(problem)},
        "locations": [location],
    }


def _uri(path: str) -> str:
    quoted = quote(path, errors="surrogateescape")
    return f"file://{quoted}" if path.startswith("/") else quoted


def _region(mark: Mark, lines: list[str]) -> dict[str, Any]:
    """The word that a problem points to; the top of a file where it points to none."""
    line, column = mark.line or 1, mark.column or 1
    text = lines[line - 1] if line <= len(lines) else ""
    word = _WORD.match(text, column - 1)
    end = column + 1 if word is None else word.end() + 1
    return {"startLine": line, "startColumn": column, "endLine": line, "endColumn": end}
