import pytest

from tests.unit.lint.tools import GUILD, report

ID = "VG401"
LISTS = '\nlists: {spared: {entries: ["1"], include: more}, more: {entries: ["2"]}}\n'


def _found(exempt: str, rule: str) -> list[int | None]:
    text = f"{GUILD}  exempt: {{{exempt}}}{LISTS}rules:\n  r: {{{rule}, then: {{mute: true}}}}\n"
    one = report({"guild.yaml": text})
    assert one.loaded.policy_set is not None
    return [problem.mark.line for problem in one.problems if problem.check == ID]


@pytest.mark.parametrize(
    ("exempt", "rule"),
    [
        ("admins: true", "who: {bot: true}, where: lobby"),
        ("who: {roles: [staff, dj]}", "who: {roles: dj}"),
        ("who: {roles: staff}", "who: {roles: {all: [staff, dj]}}, where: lobby, for: 1h"),
        ("who: {lists: spared}", "who: {lists: more}"),
        ('who: {members: ["1", "2"]}', 'who: {members: ["2"]}'),
        ("who: {roles: {none: member}}", "where: lobby, unless: {who: {roles: member}}"),
    ],
)
def test_it_fires(exempt: str, rule: str) -> None:
    """At bots, at a part of the exempt roles, lists and members, and at what `unless` leaves."""
    assert _found(exempt, rule) == [14]


@pytest.mark.parametrize(
    ("exempt", "rule"),
    [
        ("bots: false", "who: {bot: true}, where: lobby"),
        ("bots: true", "who: {bot: false}, where: lobby"),
        ("who: {roles: staff}", "who: {roles: [staff, dj]}"),
        ("who: {roles: {all: [staff, dj]}}", "who: {roles: dj}"),
        ("who: {lists: more}", "who: {lists: spared}"),
        ("who: {roles: staff, lists: spared}", "who: {roles: staff}"),
        ("who: {roles: staff}", "where: lobby"),
        ("who: {roles: staff}", 'who: {roles: {none: "110373943822540800"}}'),
    ],
)
def test_it_does_not_fire(exempt: str, rule: str) -> None:
    """As soon as one member may be left who is not exempt."""
    assert _found(exempt, rule) == []
