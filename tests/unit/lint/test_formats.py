import json
from typing import Any, Final

import jsonschema
import pytest

from tests.unit.lint.tools import GUILD, report
from voxguard.lint.formats import as_github, as_sarif
from voxguard.lint.report import LintReport
from voxguard.model.problems import Level, Mark, Problem

# What SARIF 2.1.0 says of the objects that are used here (sections 3.13 to 3.30, 3.49).
_INDEX: Final = {"type": "integer", "minimum": -1}
_COUNT: Final = {"type": "integer", "minimum": 1}
_MESSAGE: Final = {
    "type": "object",
    "properties": {"text": {"type": "string"}},
    "required": ["text"],
    "additionalProperties": False,
}


def _object(required: list[str], **properties: object) -> dict[str, object]:
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def _array(items: object, **more: object) -> dict[str, object]:
    return {"type": "array", "items": items, **more}


_RULE: Final = _object(
    ["id"], id={"type": "string"}, name={"type": "string"}, shortDescription=_MESSAGE
)
_LOCATION: Final = _object(
    [],
    physicalLocation=_object(
        [],
        artifactLocation=_object([], uri={"type": "string", "format": "uri-reference"}),
        region=_object([], startLine=_COUNT, startColumn=_COUNT),
    ),
    logicalLocations=_array(_object([], fullyQualifiedName={"type": "string"}), uniqueItems=True),
)
_RESULT: Final = _object(
    ["message"],
    ruleId={"type": "string"},
    ruleIndex=_INDEX,
    level={"enum": ["none", "note", "warning", "error"]},
    message=_MESSAGE,
    locations=_array(_LOCATION),
)
_DRIVER: Final = _object(
    ["name"],
    name={"type": "string"},
    version={"type": "string"},
    rules=_array(_RULE, uniqueItems=True),
)
_RUN: Final = _object(
    ["tool"],
    tool=_object(["driver"], driver=_DRIVER),
    columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
    results=_array(_RESULT),
)
SARIF: Final = _object(
    ["version", "runs"],
    **{
        "$schema": {"type": "string", "format": "uri"},
        "version": {"const": "2.1.0"},
        "runs": _array(_RUN),
    },
)

RULES = 'version: 1\nrules:\n  "a": {then: {disconnect: true}}\n'
BROKEN = "version: 1\nguild: {}\n"


def _sarif(one: LintReport, root: str = "") -> dict[str, Any]:
    log = json.loads(json.dumps(as_sarif(one, root)))
    jsonschema.validate(log, SARIF, format_checker=jsonschema.FormatChecker())
    run: dict[str, Any] = log["runs"][0]
    return run


@pytest.mark.parametrize("files", [{"guild.yaml": GUILD, "r.yaml": RULES}, {"guild.yaml": BROKEN}])
def test_sarif_is_valid_and_its_results_name_their_rules(files: dict[str, str]) -> None:
    """Whether the set loads or not, an importer finds what it looks for."""
    one = report(files)
    run = _sarif(one)
    rules = run["tool"]["driver"]["rules"]
    assert len(run["results"]) == len(one.problems) > 0
    for result, problem in zip(run["results"], one.problems, strict=True):
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == problem.check
        assert rules[result["ruleIndex"]]["name"] == problem.name
        assert result["level"] == problem.level.value


def test_sarif_says_where() -> None:
    """Lines and columns, the way from the repository, and the place in the document."""
    one = report({"guild.yaml": GUILD, "dir/r ü.yaml": RULES})
    (result,) = _sarif(one, "policies")["results"]
    (location,) = result["locations"]
    physical = location["physicalLocation"]
    assert physical["artifactLocation"]["uri"] == "policies/dir/r%20%C3%BC.yaml"
    assert physical["region"] == {"startLine": 3, "startColumn": 3}
    assert location["logicalLocations"] == [{"fullyQualifiedName": "/rules/a"}]


def test_sarif_of_a_clean_set_has_no_results() -> None:
    """An importer then closes what was open."""
    assert _sarif(report({"guild.yaml": GUILD}))["results"] == []


def test_github_shows_each_problem_beside_its_line() -> None:
    """As a workflow command with level, place, id and the way out."""
    (line,) = as_github(report({"guild.yaml": GUILD, "r.yaml": RULES}), "policies/")
    assert line.startswith("::error file=policies/r.yaml,line=3,col=3,title=VG202 always-true::The")
    assert line.endswith("Say for whom, where or when it is meant.")


def test_github_commands_cannot_be_forged() -> None:
    """What a file or a message holds ends neither the command nor its properties."""
    mark = Mark("a,b:c.yaml")
    problem = Problem("VG005", "yaml-syntax", Level.WARNING, mark, "50%\r\n::error::x")
    one = LintReport(report({"guild.yaml": GUILD}).loaded, report({}).sources, (problem,))
    assert list(as_github(one, ".")) == [
        "::warning file=a%2Cb%3Ac.yaml,title=VG005 yaml-syntax::50%25%0D%0A::error::x"
    ]
    (result,) = _sarif(one)["results"]
    assert "region" not in result["locations"][0]["physicalLocation"]
