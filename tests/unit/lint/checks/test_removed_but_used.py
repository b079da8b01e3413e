import pytest

from tests.unit.lint.tools import GUILD, NIGHT, report
from voxguard.model.problems import Level, Problem

ID = "VG108"
RULES = "version: 1\nrules:\n  r: {who: {lists: x}, where: lobby, then: {move: afk}}\n"
AT_NIGHT = "{when: {schedule: night}}"
LIST = 'version: 1\nlists:\n  x: {entries: ["5"]}\n'
SHARED = GUILD.replace("540800", "540900")


def _found(now: dict[str, str], before: dict[str, str]) -> list[Problem]:
    return [each for each in report(now, before=before).problems if each.check == ID]


def _said(now: dict[str, str], before: dict[str, str]) -> list[tuple[str, str]]:
    return [(str(each.mark), each.message) for each in _found(now, before)]


@pytest.mark.parametrize(
    ("now", "before", "mark", "said"),
    [
        (
            {"r.yaml": RULES},
            {"r.yaml": RULES, "a/x.yaml": LIST},
            "r.yaml:3:20",
            (
                "The list 'x' has been removed and is still named here: "
                "in main (0123456789ab) it was at a/x.yaml:3:3."
            ),
        ),
        (
            {"r.yaml": f"version: 1\nrules:\n  r: {{unless: {AT_NIGHT}, then: {{mute: true}}}}\n"},
            {"s.yaml": f"version: 1\n{NIGHT}"},
            "r.yaml:3:33",
            "The schedule 'night' has been removed",
        ),
        (
            {"guild.yaml": GUILD.replace("afk", "away"), "r.yaml": RULES, "x.yaml": LIST},
            {"guild.yaml": GUILD},
            "r.yaml:3:51",
            "in main (0123456789ab) it was at guild.yaml:7:5.",
        ),
        (
            {"g.yaml": "version: 1\nrules: {r: {who: {roles: [dj, boss]}, then: {mute: true}}}\n"},
            {"guild.yaml": f"{GUILD.rstrip()[:-1]}, boss: '5'}}\n"},
            "g.yaml:2:31",
            "The role 'boss' has been removed",
        ),
        (
            {"x.yaml": "version: 1\nlists:\n  x: {files: [a.txt, b.csv]}\n", "a.txt": "5\n"},
            {"a.txt": "5\n", "b.csv": "id\n5\n"},
            "x.yaml:3:22",
            (
                "The file 'b.csv' has been removed and is still named here: "
                "in main (0123456789ab) it was there."
            ),
        ),
        (
            {"y.yaml": "version: 1\nlists:\n  y: {include: x}\n"},
            {"x.yaml": LIST},
            "y.yaml:3:16",
            "The list 'x' has been removed",
        ),
    ],
)
def test_it_fires(now: dict[str, str], before: dict[str, str], mark: str, said: str) -> None:
    """At lists, schedules, channels, roles and list files that are named and gone."""
    ((place, message),) = _said({"guild.yaml": GUILD} | now, {"guild.yaml": GUILD} | before)
    assert place == mark
    assert said in message


@pytest.mark.parametrize(
    ("now", "before"),
    [
        ({"r.yaml": RULES}, {"r.yaml": RULES}),
        ({"r.yaml": RULES, "y.yaml": LIST}, {"r.yaml": RULES, "x.yaml": LIST}),
        ({}, {"r.yaml": RULES, "x.yaml": LIST}),
        ({"x.yaml": "version: 1\nlists: {x: {files: b.csv}}\n"}, {"a/b.csv": "id\n"}),
        ({"r.yaml": RULES}, {"x.yaml": "version: 1\nschedules: {x: {windows: []}}\n"}),
    ],
)
def test_it_does_not_fire(now: dict[str, str], before: dict[str, str]) -> None:
    """At what never was, has moved, is named no more, or was of another kind."""
    assert _said({"guild.yaml": GUILD} | now, {"guild.yaml": GUILD} | before) == []


def test_a_guild_is_known_by_its_id() -> None:
    """A directory that was renamed is the same guild; one of the same name is next best."""
    now = {"new/guild.yaml": GUILD, "new/r.yaml": RULES}
    before = {"old/guild.yaml": GUILD, "old/x.yaml": LIST, "new/guild.yaml": SHARED}
    assert [mark for mark, _ in _said(now, before)] == ["new/r.yaml:3:20"]
    before = {"new/guild.yaml": SHARED, "new/x.yaml": LIST}
    assert [mark for mark, _ in _said(now, before)] == ["new/r.yaml:3:20"]
    assert _said(now, {"other/guild.yaml": SHARED, "other/x.yaml": LIST}) == []


def test_what_a_shared_rule_names_is_said_for_each_guild() -> None:
    """The same place twice, once for the guild that had the list and not for the other."""
    now = {"a/guild.yaml": GUILD, "b/guild.yaml": SHARED, "r.yaml": RULES}
    (found,) = _found(now, now | {"a/x.yaml": LIST})
    assert found.message.endswith("it was at a/x.yaml:3:3.")
    assert found.level is Level.ERROR
    assert found.pointer == "/rules/r/who/lists"


@pytest.mark.parametrize(
    ("more", "mark"),
    [
        ("rules:\n  r: {who: {lists: x}, then: {mute: true}}\n", "g/guild.yaml:12:20"),
        ("lists:\n  y: {include: x}\n", "g/guild.yaml:12:16"),
        ("  exempt: {who: {lists: x}}\n", "g/guild.yaml:11:25"),
    ],
)
def test_where_a_shared_one_steps_in(more: str, mark: str) -> None:
    """The set loads, and it is a warning that its rules, lists or exemptions mean another list."""
    now = {"g/guild.yaml": f"{GUILD}{more}", "x.yaml": LIST}
    ((found),) = _found(now, now | {"g/x.yaml": LIST})
    assert (str(found.mark), found.level) == (mark, Level.WARNING)
    assert "it was at g/x.yaml:3:3: this means the shared one of x.yaml:3:3 now" in found.message
    assert _found(now, now) == []
    assert _found(now, {"a.yaml": LIST}) == []


def test_a_shared_one_that_nobody_names() -> None:
    """That the guild has another list now makes no difference to anybody."""
    now = {"g/guild.yaml": GUILD, "x.yaml": LIST}
    assert _found(now, now | {"g/x.yaml": LIST}) == []


def test_a_base_that_is_broken_tells_what_it_can() -> None:
    """What could be read of it counts; a guild without an id is known by its directory."""
    broken = {"guild.yaml": "version: 1\nguild: {roles: {}}\n", "b.yaml": "{", "x.yaml": LIST}
    assert _said({"guild.yaml": GUILD, "r.yaml": RULES}, broken) == []
    broken["guild.yaml"] = GUILD
    assert len(_said({"guild.yaml": GUILD, "r.yaml": RULES}, broken)) == 1


def test_without_a_base_nothing_is_said() -> None:
    """It is a dangling reference like any other then."""
    found = report({"guild.yaml": GUILD, "r.yaml": RULES}).problems
    assert [each.check for each in found] == ["VG102"]
