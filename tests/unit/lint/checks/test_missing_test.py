import pytest

from tests.unit.lint.tools import GUILD, report
from voxguard.model.problems import Mark, Problem

ID = "VG403"
RULES = """\
version: 1
rules:
  a: {where: lobby, then: {mute: true}}
  b: {where: music, for: 1h, then: {move: afk}}
"""


def _test(*steps: str, members: str = "alice: {}", guild: str = "") -> str:
    lines = "".join(f"      - {step}\n" for step in steps)
    return (
        f"version: 1\ntests:\n  one:\n{guild}    start: 2026-03-02\n"
        f"    members: {{{members}}}\n    steps:\n{lines}"
    )


IN_LOBBY = ("{at: 0s, member: alice, enters: lobby}", "{at: 0s, expect: {alice: {mute: true}}}")
IN_MUSIC = ("{at: 1s, member: alice, enters: music}", "{at: 1h, expect: {alice: nothing}}")


def _found(files: dict[str, str], tests: dict[str, str] | None) -> list[Problem]:
    found = report({"guild.yaml": GUILD} | files, tests=tests).problems
    return [each for each in found if each.check == ID]


def _lines(rules: str, test: str) -> list[int | None]:
    return [each.mark.line for each in _found({"r.yaml": rules}, {"a.test.yaml": test})]


@pytest.mark.parametrize(
    ("rules", "test", "lines"),
    [
        (RULES, _test(*IN_LOBBY), [4]),
        (RULES, _test(*IN_MUSIC), [3, 4]),
        (RULES, _test("{at: 0s, expect: {alice: nothing}}"), [3, 4]),
        (RULES.replace("where: lobby", "mode: observe, where: vip"), _test(*IN_LOBBY), [3, 4]),
        (RULES, _test("{at: 0s, member: alice, enters: vip}", IN_LOBBY[1]), [3, 4]),
        (
            RULES.replace("where: lobby", "where: lobby, unless: {who: {roles: dj}}"),
            _test(*IN_LOBBY, members="alice: {roles: dj}"),
            [3, 4],
        ),
    ],
)
def test_it_fires(rules: str, test: str, lines: list[int]) -> None:
    """At rules of other channels, of later instants and for others, whether or not tests pass."""
    assert _lines(rules, test) == lines


@pytest.mark.parametrize(
    ("rules", "test"),
    [
        (RULES, _test(*IN_LOBBY, IN_MUSIC[0], "{at: 3601s, expect: {alice: {move: afk}}}")),
        (RULES.replace("{where: music", "{mode: off, where: music"), _test(*IN_LOBBY)),
        (
            RULES.replace("where: lobby", "mode: observe, where: lobby").partition("  b")[0],
            _test(*IN_LOBBY),
        ),
        (
            RULES.replace("where: music", "where: {channels: {any: vip, none: vip}}"),
            _test(*IN_LOBBY),
        ),
        # A rule that an earlier one leaves nothing to decide has held all the same.
        (
            RULES.replace("where: music, for: 1h", "where: lobby").replace(
                "move: afk", "mute: true"
            ),
            _test(*IN_LOBBY),
        ),
    ],
)
def test_it_does_not_fire(rules: str, test: str) -> None:
    """Where a rule held, is off, or can never hold, of which another check tells."""
    assert _lines(rules, test) == []


def test_a_shared_rule_is_tested_in_one_guild() -> None:
    """Nobody tests it for each guild anew."""
    files = {
        "a/guild.yaml": GUILD,
        "b/guild.yaml": GUILD.replace("540800", "540900"),
        "r.yaml": RULES,
    }
    tests = {"x.test.yaml": _test(*IN_LOBBY, guild="    guild: b\n")}
    one = report(files, tests=tests)
    assert [(each.check, each.mark.line) for each in one.problems] == [(ID, 4)]


def test_a_set_without_tests_is_told_so_once() -> None:
    """At its first guild that has a rule."""
    (found,) = _found({"r.yaml": RULES}, {})
    assert found.mark == Mark("guild.yaml", 2, 1)
    assert found.message.startswith("The set has no policy tests")


@pytest.mark.parametrize(
    ("rules", "tests"),
    [
        ("version: 1\n", {}),
        ("version: 1\nrules: {a: {mode: off, then: {mute: true}}}\n", {}),
        (RULES, {"x.test.yaml": "version: 1\ntests: {x: 5}\n"}),
        (RULES, {"x.test.yaml": "["}),
        (RULES, None),
    ],
)
def test_nothing_is_said(rules: str, tests: dict[str, str] | None) -> None:
    """Without rules there is nothing to test; nobody knows what tests cover that do not load."""
    assert _found({"r.yaml": rules}, tests) == []


def test_a_comment_silences_it_where_it_can_be_made() -> None:
    """Where it cannot, the comment is not called useless."""
    text = GUILD.replace("guild:", "guild:  # voxguard: ignore VG403: it is an example", 1)
    files = {"guild.yaml": text, "r.yaml": RULES}
    assert report(files, tests={}).problems == ()
    assert report(files).problems == ()
    found = report(files, tests={"a.test.yaml": _test(*IN_LOBBY)}).problems
    assert [each.check for each in found] == ["VG402", ID]


def test_a_removed_rule_that_a_test_names() -> None:
    """The test file is where it is found, and quoted from."""
    test = _test(IN_LOBBY[0], "{at: 0s, expect: {alice: {mute: true, rule: gone}}}")
    before = {"guild.yaml": GUILD, "r.yaml": RULES.replace("a:", "gone:")}
    one = report({"guild.yaml": GUILD, "r.yaml": RULES}, before=before, tests={"a.test.yaml": test})
    assert [(each.check, str(each.mark)) for each in one.problems] == [
        ("VG108", "a.test.yaml:8:53")
    ]
    lines = ["".join(text for text, _ in line) for line in one.lines()]
    assert "rule: gone" in lines[1]
    assert lines[2].index("^") == lines[1].index("gone")
