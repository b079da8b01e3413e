from typing import Final

import pytest

from tests.unit.lint.tools import lines, marked, report
from voxguard.policy.json_schema.generator import OF_POLICIES

ID = "VG017"


@pytest.mark.parametrize(
    "text",
    [
        "lists:\n  x:\n    entries: 5  # here\n",
        'lists:\n  x:\n    entries:\n    - "5"\n    - 010  # here\n    - {id: 7}  # here\n',
        (
            'rules:\n  r:\n    who:\n      members: [\n        5,  # here\n        "6"]\n'
            "      roles: {any: dj, none: [\n        811]}  # here\n"
            "    where: 5  # here\n    unless: {where: {channels:\n"
            "      {all: 6}}}  # here\n    then:\n      move: 801  # here\n"
        ),
        (
            "rules:\n  r:\n    where: lobby\n    then:\n      grant: 5  # here\n"
            "      announce: {text: '5', channel: 6}  # here\n"
        ),
        (
            "rules:\n  r:\n    where: lobby\n    escalate:\n      forget_after: 1d\n"
            "      steps:\n        - {warn: x}\n        - grant:\n            - 5  # here\n"
            "            - dj\n          move: 7  # here\n"
        ),
    ],
)
def test_it_fires(text: str) -> None:
    """At entries of lists, and wherever rules take ids."""
    assert lines(ID, text) == marked(text)


def test_guild_yaml_has_ids_too() -> None:
    """The guild's own, those behind its names, and those of who is exempt."""
    text = (
        "version: 1\nguild:\n  id: 1\n  channels: {a: 2, b: '3'}\n  roles:\n    c: 4\n"
        "  exempt: {who: {members: 5}}\n"
    )
    found = report({"guild.yaml": text}).problems
    assert [(each.check, each.mark.line) for each in found] == [(ID, n) for n in (3, 4, 6, 7)]


@pytest.mark.parametrize(
    "text",
    [
        "lists:\n  x: {entries: ['5', \"6\", {id: '7'}]}\n",
        "rules: {r: {priority: 5, where: lobby, then: {mute: true}}}\n",
        (
            "rules: {r: {where: {occupancy: {max: 1}}, limits: {actions: {max: 5, within: 1m}},"
            " then: {grant: ['5', dj], announce: {channel: '6', text: x}}}}\n"
        ),
        "rules: {r: {where: lobby, for: 5m, who: {account_age: {max: 7d}}, then: {move: afk}}}\n",
    ],
)
def test_it_does_not_fire(text: str) -> None:
    """At quoted ids, and at numbers and lengths of time that are none."""
    assert lines(ID, text) == []


# Where the language takes ids, or names of what has ids; lists and schedules have names alone.
TAKES_IDS: Final = {
    "AnnouncementDocument.channel",
    "EntryDocument.id",
    "GuildDocument.channels",
    "GuildDocument.id",
    "GuildDocument.roles",
    "ListDocument.entries",
    "NameSetDocument.all",
    "NameSetDocument.any",
    "NameSetDocument.none",
    "RuleDocument.where",
    "Step.grant",
    "Step.move",
    "Then.grant",
    "Then.move",
    "UnlessDocument.where",
    "Where.channels",
    "Who.members",
    "Who.roles",
}
TAKES_NAMES: Final = {"ListDocument.include", "When.schedule", "Who.lists"}


def _shapes(schema: object) -> set[str]:
    """The shapes that a part of the schema refers to, itself or in lists and alternatives."""
    if isinstance(schema, list):
        return {name for each in schema for name in _shapes(each)}
    if not isinstance(schema, dict):
        return set()
    own = {str(schema["$ref"]).rpartition("/")[2]} if "$ref" in schema else set()
    return own.union(*(_shapes(each) for each in schema.values()))


def test_it_looks_wherever_ids_may_stand() -> None:
    """A key that is new to the language and takes ids is one for this check as well."""
    found = {
        f"{name}.{key}"
        for name, document in OF_POLICIES.values()["$defs"].items()
        for key, schema in document.get("properties", {}).items()
        if _shapes(schema) & {"Id", "Reference", "References"}
    }
    assert found == TAKES_IDS | TAKES_NAMES
