from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support.stage import ALICE, CATEGORY, GUILD, LOBBY, START, make_index
from tests.support.stage import STAGE as STAGE_CHANNEL
from voxguard.engine.explain import explain
from voxguard.engine.explanation import Explanation, Obstacle, Verdict
from voxguard.engine.newcomer import Newcomer
from voxguard.model.world import ChannelKind

UNSURE = Newcomer(user_id=ALICE, channel_id=LOBBY)
YES, NO, UNKNOWN = Verdict.YES, Verdict.NO, Verdict.UNKNOWN


def explained(policies: str, newcomer: Newcomer = UNSURE) -> Explanation:
    """All of the explanation at the start."""
    return explain(make_index(policies).guilds[GUILD], newcomer, START)


def test_what_depends_on_the_category_is_unknown() -> None:
    """Without the category a rule for one may hold, and later rules may lose to it."""
    text = """
rules:
  a: {priority: 1, where: category, then: {move: afk}}
  b: {priority: 2, where: lobby, unless: {where: category}, then: {disconnect: true}}
  c: {priority: 3, where: {none: [category]}, then: {mute: true}}
""".replace("{none: [category]}", "{channels: {none: [category]}}")
    found = explained(text, UNSURE)
    a, b, c = found.rules
    assert (a.holds, a.matches, a.obstacles) == (UNKNOWN, UNKNOWN, (Obstacle.CONDITIONS,))
    assert a.conditions[0].value == {"channel": "1", "category": "unknown"}
    assert (b.holds, b.matches, b.excused) == (UNKNOWN, YES, UNKNOWN)
    assert c.holds is UNKNOWN
    assert {each.rule: each.certain for each in found.decisions} == {"b": False, "a": False}
    there = explained(text, replace(UNSURE, category_known=True, category_id=CATEGORY))
    assert [each.holds for each in there.rules] == [YES, NO, NO]


def test_what_depends_on_the_kind_is_unknown() -> None:
    """Without the kind a rule for stages may hold; what every kind agrees on is certain."""
    text = "rules: {a: {where: {kinds: stage}, then: {mute: true}}, b: {then: {deafen: true}}}"
    found = explained(text, UNSURE)
    by_name = {each.name: each for each in found.rules}
    assert by_name["a"].holds is UNKNOWN
    assert by_name["a"].conditions[0].value == "unknown"
    assert by_name["b"].holds is YES
    assert {each.rule: each.certain for each in found.decisions} == {"b": True, "a": False}
    stage = replace(UNSURE, channel_id=STAGE_CHANNEL, kind=ChannelKind.STAGE)
    assert explained(text, stage).decisions[-1].certain


def test_what_depends_on_when_the_member_joined_is_unknown() -> None:
    """An age that nobody has given may lie anywhere, or not be known to Discord either."""
    text = """
rules:
  new: {priority: 1, who: {membership_age: {max: 1h}}, then: {mute: true}}
  old: {priority: 2, who: {membership_age: {min: 1h}}, for: 1h, then: {move: afk}}
  any: {priority: 3, then: {deafen: true}}
"""
    found = explained(text, UNSURE)
    new, old, any_age = found.rules
    assert (new.holds, old.matches, any_age.holds) == (UNKNOWN, UNKNOWN, YES)
    (leaf,) = new.conditions
    assert (leaf.value, leaf.verdict, leaf.changes_at) == ("unknown", UNKNOWN, None)
    assert (new.changes_at, old.changes_at) == (None, None)
    sure = explained(text, replace(UNSURE, joined_at=START - timedelta(minutes=59)))
    new, old, _ = sure.rules
    assert (new.holds, old.holds) == (YES, NO)
    assert new.changes_at == START + timedelta(minutes=1)
    assert old.changes_at == START + timedelta(minutes=61)


@pytest.mark.parametrize(
    ("bot", "bounds"), [(False, "{max: 1}"), (False, "{min: 5}"), (True, "{min: 1}")]
)
def test_what_depends_on_the_others_in_the_channel_is_unknown(bot: bool, bounds: str) -> None:
    """Any number of people may be there, where a rule tells numbers apart."""
    text = f"rules: {{a: {{where: {{occupancy: {bounds}}}, then: {{mute: true}}}}}}"
    index = make_index(text, guild="exempt: {bots: false}").guilds[GUILD]
    (found,) = explain(index, replace(UNSURE, bot=bot), START).rules
    assert (found.holds, found.conditions[0].value) == (UNKNOWN, "unknown")
    holds = [
        explain(index, replace(UNSURE, bot=bot, occupancy=count), START).rules[0].holds
        for count in (0, 1, 2, 4, 5)
    ]
    expected = {"{max: 1}": [YES, YES, NO, NO, NO], "{min: 5}": [NO] * 4 + [YES]}
    assert holds == expected.get(bounds, [NO, YES, YES, YES, YES])


def test_every_count_in_the_channel_may_agree() -> None:
    """A bound that anybody meets leaves nothing unknown."""
    (found,) = explained("rules: {a: {where: {occupancy: {min: 1}}, then: {mute: true}}}").rules
    assert found.holds is YES


def test_a_channel_is_never_its_own_category() -> None:
    """Rules that name no category but the channel itself are certain."""
    found = explained("rules: {a: {where: lobby, then: {mute: true}}}", UNSURE)
    assert found.rules[0].holds is YES
    assert found.decisions[0].certain
