from tests.unit.lint.tools import GUILD, report
from voxguard.lint.github import as_github
from voxguard.lint.report import LintReport
from voxguard.model.problems import Level, Mark, Problem

RULES = 'version: 1\nrules:\n  "a": {then: {disconnect: true}}\n'


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
