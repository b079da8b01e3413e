from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from voxguard.model.world import ChannelKind
from voxguard.policy.conditions.base import Key, KeyKind
from voxguard.policy.resolved import Rule

MANY = ["self_mute", "self_deaf", "camera", "streaming", "guild_mute", "guild_deaf", "suppressed"]

Facts = Callable[..., SimpleNamespace]
LoadRule = Callable[..., Rule]


def test_members_are_explicit_ids(load_rule: LoadRule, facts: Facts, noon: datetime) -> None:
    """`members` takes one id or several, quoted or not, and files the rule under them."""
    rule = load_rule('{who: {members: [5, "7", 05]}, then: {mute: true}}')
    (condition,) = rule.conditions
    assert [user for user in range(9) if condition.matches(facts(user_id=user), noon)] == [5, 7]
    keys = frozenset({Key(KeyKind.MEMBER, 5), Key(KeyKind.MEMBER, 7)})
    assert condition.required() == (keys,)
    assert condition.canonical() == ["5", "7"]
    one = load_rule("{who: {members: 7}, then: {mute: true}}").conditions[0]
    assert one.canonical() == ["7"]


@pytest.mark.parametrize("wanted", [True, False])
def test_bots_are_told_from_people(
    load_rule: LoadRule, facts: Facts, noon: datetime, wanted: bool
) -> None:
    """`bot` matches what it says."""
    rule = load_rule(f"{{who: {{bot: {str(wanted).lower()}}}, then: {{mute: true}}}}")
    (condition,) = rule.conditions
    assert condition.matches(facts(bot=wanted), noon)
    assert not condition.matches(facts(bot=not wanted), noon)
    assert condition.canonical() is wanted
    assert condition.required() == ()


def test_kinds_of_channel(load_rule: LoadRule, facts: Facts, noon: datetime) -> None:
    """`kinds` takes one kind or both."""
    stage = load_rule("{where: {kinds: stage}, then: {mute: true}}").conditions[0]
    assert stage.matches(facts(channel_kind=ChannelKind.STAGE), noon)
    assert not stage.matches(facts(), noon)
    both = load_rule("{where: {kinds: [voice, stage]}, then: {mute: true}}").conditions[0]
    assert both.matches(facts(), noon)
    assert both.canonical() == ["stage", "voice"]


@pytest.mark.parametrize("flag", MANY)
def test_each_flag_of_the_voice_state(
    load_rule: LoadRule, facts: Facts, noon: datetime, flag: str
) -> None:
    """Every flag is read from its own fact."""
    rule = load_rule(f"{{when: {{state: {{{flag}: true}}}}, then: {{mute: true}}}}")
    (condition,) = rule.conditions
    assert condition.matches(facts(**{flag: True}), noon)
    others = {other: True for other in MANY if other != flag}
    assert not condition.matches(facts(**others), noon)
    assert condition.canonical() == {flag: True}


def test_all_flags_must_be_as_they_are_named(
    load_rule: LoadRule, facts: Facts, noon: datetime
) -> None:
    """Flags that are named together must all hold; false means that it must not be set."""
    rule = load_rule("{when: {state: {self_deaf: true, camera: false}}, then: {mute: true}}")
    (condition,) = rule.conditions
    assert condition.matches(facts(self_deaf=True), noon)
    assert not condition.matches(facts(self_deaf=True, camera=True), noon)
    assert not condition.matches(facts(), noon)


SCHEDULES = """\
schedules:
  night: {windows: [{start: "0 22 * * *", end: "0 8 * * *"}]}
  sunday: {windows: [{start: "0 0 * * SUN", for: 1d}]}
  done: {windows: [{from: 2020-01-01, to: 2020-01-02}]}
"""
NIGHT = datetime(2026, 3, 2, 19, tzinfo=UTC)


@pytest.mark.parametrize(
    ("names", "hour_is_open"),
    [
        ("night", True),
        ("[sunday, night]", True),
        ("{all: [night, sunday]}", False),
        ("{all: [night], none: [sunday, done]}", True),
        ("{none: night}", False),
        ("{any: sunday}", False),
    ],
)
def test_schedules_that_are_open(
    load_rule: LoadRule, facts: Facts, names: str, hour_is_open: bool
) -> None:
    """any, all and none are about schedules that are open; a Monday at ten in Moscow."""
    rule = load_rule(f"{{when: {{schedule: {names}}}, then: {{mute: true}}}}", SCHEDULES)
    (condition,) = rule.conditions
    assert condition.timed
    assert condition.matches(facts(), NIGHT) is hour_is_open


def test_the_next_boundary_of_a_schedule_is_foretold(load_rule: LoadRule, facts: Facts) -> None:
    """A second before its start the start is next; at its start, the end."""
    rule = load_rule("{when: {schedule: [night, done]}, then: {mute: true}}", SCHEDULES)
    (condition,) = rule.conditions
    assert condition.changes_at(facts(), NIGHT - timedelta(seconds=1)) == NIGHT
    assert condition.changes_at(facts(), NIGHT) == NIGHT + timedelta(hours=10)
    assert condition.canonical() == {"any": ["done", "night"]}


def test_a_schedule_that_is_over_never_changes(load_rule: LoadRule, facts: Facts) -> None:
    """Nobody is woken for it."""
    rule = load_rule("{when: {schedule: done}, then: {mute: true}}", SCHEDULES)
    assert rule.conditions[0].changes_at(facts(), NIGHT) is None
