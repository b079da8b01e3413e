"""All the ways in which what is not known of a member could be."""

from datetime import timedelta

import pytest

from tests.support.stage import ALICE, GUILD, LOBBY, START, make_index
from voxguard.engine.newcomer import Newcomer, TooMuchUnknownError, possibilities
from voxguard.model.world import ChannelKind

SURE = Newcomer(user_id=ALICE, channel_id=LOBBY, category_known=True, kind=ChannelKind.VOICE)

RULES = """
rules:
  a: {when: {entries: {min: 3, within: 30s}}, then: {mute: true}}
  b: {when: {entries: {min: 5, within: 60s}}, then: {mute: true}}
  c: {unless: {when: {channel_entries: {min: 2, within: 30s}}}, then: {mute: true}}
  d: {when: {time_used: {min: 2h, per: day}}, then: {mute: true}}
"""


def test_what_some_rule_tells_apart_is_looked_at() -> None:
    """One entry, which is this one, and as many as are asked for; no time, and as much."""
    ways = list(possibilities(make_index(RULES).guilds[GUILD], SURE, START))
    assert sorted({each.entries for each in ways}) == [1, 3, 5]
    assert sorted({each.channel_entries for each in ways}) == [1, 2]
    assert sorted({each.used for each in ways}) == [timedelta(), timedelta(hours=2)]
    assert len(ways) == 3 * 2 * 2


def test_what_is_given_is_one_way() -> None:
    """And where no rule asks there is nothing to tell apart."""
    known = Newcomer(
        user_id=ALICE,
        channel_id=LOBBY,
        category_known=True,
        kind=ChannelKind.VOICE,
        entries=4,
        channel_entries=9,
        used=timedelta(hours=1),
    )
    (way,) = possibilities(make_index(RULES).guilds[GUILD], known, START)
    assert (way.entries, way.channel_entries, way.used) == (4, 9, timedelta(hours=1))
    (way,) = possibilities(make_index("rules: {}").guilds[GUILD], SURE, START)
    assert (way.entries, way.channel_entries, way.used) == (1, 1, timedelta())


def test_too_many_ways_are_refused() -> None:
    """With how many there are; given some of it, they can be looked at."""
    times = "".join(
        f"  r{number}:\n"
        f"    when:\n"
        f"      entries: {{min: {number + 2}, within: 30s}}\n"
        f"      channel_entries: {{min: {number + 2}, within: 30s}}\n"
        f"      time_used: {{min: {number + 2}s, per: day}}\n"
        f"    then: {{mute: true}}\n"
        for number in range(40)
    )
    index = make_index(f"rules:\n{times}").guilds[GUILD]
    with pytest.raises(TooMuchUnknownError) as caught:
        possibilities(index, SURE, START)
    assert caught.value.args == (41**3,)
    known = Newcomer(
        user_id=ALICE, channel_id=LOBBY, category_known=True, kind=ChannelKind.VOICE, entries=1
    )
    assert len(list(possibilities(index, known, START))) == 41**2
