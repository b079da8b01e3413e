from tests.unit.lint.tools import NOW
from voxguard.lint.report import LintReport, lint
from voxguard.model.problems import Level, Mark, Problem
from voxguard.policy.files import Sources

GUILD = "version: 1\nguild: {id: '1'}\n"
WARNED = {
    "g/guild.yaml": GUILD + "rules: {x: {where: '5', then: {mute: true}}}\n",
    "shared.yaml": "version: 1\nrules: {x: {where: '5', then: {mute: true}}}\n",
}


def _report(files: dict[str, str], lists: dict[str, str] | None = None) -> LintReport:
    policies = {name: text.encode() for name, text in sorted(files.items())}
    return lint(
        Sources(policies, {name: text.encode() for name, text in (lists or {}).items()}), NOW
    )


def _plain(one: LintReport) -> list[str]:
    return ["".join(text for text, _ in line) for line in one.lines()]


def test_a_clean_set() -> None:
    """No problems, a revision, exit code 0 at any level."""
    one = _report({"guild.yaml": GUILD})
    assert one.loaded.policy_set is not None
    revision = one.loaded.policy_set.short_revision
    assert one.as_json() == {
        "revision": revision,
        "problems": [],
        "summary": {"errors": 0, "warnings": 0},
    }
    assert _plain(one) == [f"no problems; revision {revision}"]
    assert [one.exit_code(level) for level in Level] == [0, 0]


def test_a_set_that_does_not_load() -> None:
    """The fields that programs rely on, no revision, exit code 3."""
    one = _report({"guild.yaml": GUILD + "rules:\n  x: {where: lobby, then: {mute: true}}\n"})
    assert one.as_json() == {
        "revision": None,
        "problems": [
            {
                "check": "VG102",
                "name": "dangling-reference",
                "level": "error",
                "file": "guild.yaml",
                "line": 4,
                "column": 14,
                "pointer": "/rules/x/where",
                "message": "There is no channel 'lobby' in guild 1.",
                "hint": None,
            }
        ],
        "summary": {"errors": 1, "warnings": 0},
    }
    assert _plain(one) == [
        (
            "guild.yaml:4:14: error: There is no channel 'lobby' in guild 1. "
            "[VG102 dangling-reference]"
        ),
        "  4 |   x: {where: lobby, then: {mute: true}}",
        "    |              ^",
        "",
        "1 error; the set does not load",
    ]
    assert [one.exit_code(level) for level in Level] == [3, 3]


def test_a_set_with_warnings() -> None:
    """It loads; the exit code depends on the level that fails."""
    one = _report(WARNED)
    assert (one.errors, one.warnings) == (0, 1)
    assert _plain(one)[-1].startswith("1 warning; revision ")
    assert one.exit_code(Level.ERROR) == 0
    assert one.exit_code(Level.WARNING) == 1


def test_findings_that_do_not_keep_a_set_from_loading() -> None:
    """An error in a set that loads is a finding: exit code 1."""
    clean = _report({"guild.yaml": GUILD})
    problem = Problem("VG210", "x", Level.ERROR, Mark("guild.yaml", 1, 1), "m")
    one = LintReport(clean.loaded, clean.sources, (problem,))
    assert one.exit_code(Level.ERROR) == 1


def test_hints_and_counts_are_shown() -> None:
    """Several of each are plural and parted by a comma."""
    more = dict(WARNED) | {"a.yaml": "version: 1\nrule: {}\nlist: {}\n"}
    lines = _plain(_report(more))
    assert "  hint: Did you mean rules?" in lines
    assert lines[-1] == "2 errors, 1 warning; the set does not load"
    more["g/b.yaml"] = "version: 1\nlists: {y: {include: [z]}}\nrules: {x: {then: {mute: true}}}\n"
    assert _plain(_report(more))[-1] == "4 errors, 1 warning; the set does not load"


def test_a_problem_without_a_position_shows_no_source() -> None:
    """Its line and column are null."""
    one = _report({"a.yaml": "version: 1\n"})
    (problem,) = one.problems
    assert (problem.mark.line, problem.mark.column) == (None, None)
    assert len(_plain(one)) == 3


def test_the_caret_stands_under_what_is_wrong() -> None:
    """Behind tabs and wide characters, in long lines, in list files, and at the end of a file."""

    def excerpt(files: dict[str, str], lists: dict[str, str] | None = None) -> list[str]:
        return _plain(_report(files, lists))[1:3]

    wide = "version: 1\nguild: {id: 1, 日本: 5}\n"
    assert excerpt({"guild.yaml": wide}) == [
        "  2 | guild: {id: 1, 日本: 5}",
        "    |                ^",
    ]
    behind = "version: 1\r\nguild: {id: 1}\r\nrules: {日本語: {then: {mute: true}}, x: 1}\r\n"
    source, caret = _plain(_report({"guild.yaml": behind}))[6:8]
    assert source == "  3 | rules: {日本語: {then: {mute: true}}, x: 1}"
    assert len(caret) - 1 == source.index("1}") + 3
    tab = "version: 1\nguild: {id: 1}\nrules:\n\t- x\n"
    assert excerpt({"guild.yaml": tab}) == ["  4 |  - x", "    | ^"]
    long = (
        GUILD + f"rules: {{x: {{description: {'y' * 500}, where: gone, then: {{mute: true}}}}}}\n"
    )
    source, caret = excerpt({"guild.yaml": long})
    assert len(source) <= 6 + 120
    assert source[len(caret) - 1 :].startswith("gone, then")
    listed = {"guild.yaml": GUILD + "lists: {x: {files: a.txt}}\n"}
    assert excerpt(listed, {"a.txt": "\ufeff1\n x # ö\n"}) == ["  2 |  x # ö", "    |  ^"]
    assert excerpt({"guild.yaml": "version: ["}) == ["", "1 error; the set does not load"]
