import pytest

from tests.unit.lint.tools import GUILD, lines, marked, report

ID = "VG107"
RULE = "rules: {r: {where: lobby, who: {lists: used}, then: {mute: true}}}\n"


@pytest.mark.parametrize(
    "text",
    [
        'lists:\n  used: {entries: ["1"]}\n  left: {}  # here\n' + RULE,
        'lists:\n  used: {entries: ["1"]}\n  out: {include: in}  # here\n  in: {}  # here\n' + RULE,
        'schedules:\n  night: {windows: [{start: "0 22 * * *", for: 8h}]}  # here\n',
    ],
)
def test_it_fires(text: str) -> None:
    """At a list nobody names, at one that only an unused list includes, and at a schedule."""
    assert lines(ID, text) == marked(text)


def test_a_shared_definition_that_every_guild_replaces() -> None:
    """It is used by nobody, although a rule uses its name."""
    own = GUILD + 'lists: {used: {entries: ["1"]}}\n' + RULE
    shared = 'version: 1\nlists: {used: {entries: ["1"]}}\n'
    found = report({"a/guild.yaml": own, "shared.yaml": shared}).problems
    assert [(each.check, each.mark.file) for each in found if each.check == ID] == [
        (ID, "shared.yaml")
    ]
    other = GUILD.replace("540800", "540900") + RULE
    both = report({"a/guild.yaml": own, "b/guild.yaml": other, "shared.yaml": shared}).problems
    assert ID not in {each.check for each in both}


@pytest.mark.parametrize(
    "text",
    [
        'lists: {used: {entries: ["1"], include: more}, more: {entries: ["2"]}}\n' + RULE,
        (
            'lists: {used: {entries: ["1"]}, spared: {entries: ["2"]}}\n'
            "rules:\n  r: {where: lobby, who: {lists: used}, unless: {who: {lists: spared}},"
            " then: {mute: true}}\n"
        ),
        (
            'lists: {used: {entries: ["1"]}}\n'
            "rules: {r: {mode: off, who: {lists: used}, then: {mute: true}}}\n"
        ),
        (
            'schedules: {night: {windows: [{start: "0 22 * * *", for: 8h}]}}\n'
            "rules: {r: {when: {schedule: {none: night}}, then: {mute: true}}}\n"
        ),
    ],
)
def test_it_does_not_fire(text: str) -> None:
    """At what a used list includes, an exception names, and a rule that is off needs."""
    assert lines(ID, text) == []


def test_a_list_of_those_who_are_exempt_is_used() -> None:
    """`exempt` refers to lists as rules do."""
    text = GUILD + "  exempt: {who: {lists: [spared]}}\nlists: {spared: {entries: ['1']}}\n"
    assert report({"guild.yaml": text}).problems == ()
