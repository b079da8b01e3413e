"""Used time, added up once for each stay, and how often it is asked for."""

from datetime import datetime, timedelta

import pytest

from tests.support.stage import AFK, ALICE, CATEGORY, GUILD, LOBBY, MUSIC, OUTSIDE, START, Stage
from voxguard.engine.surroundings import Surroundings
from voxguard.engine.usage import MOST_SUMMED, PastStay, Usage
from voxguard.model.events import ChannelChanged, ChannelDeleted
from voxguard.model.world import Channel, ChannelKind
from voxguard.policy.conditions.channels import InChannels
from voxguard.policy.conditions.time_used import RulePlaces

SECOND = timedelta(seconds=1)
EVERYWHERE = RulePlaces()
IN_LOBBY = RulePlaces(InChannels(frozenset({LOBBY}), frozenset(), frozenset()))
ROLLING = "rules: {r: {where: lobby, when: {time_used: {min: 1h, per: 2h}}, then: {mute: true}}}"


def at(second: float) -> datetime:
    """So long after the start."""
    return START + SECOND * second


def stay(joined: int, left: int, channel: int = LOBBY) -> PastStay:
    """A stay from one second to another."""
    return PastStay(type(LOBBY)(channel), at(joined), at(left))


@pytest.mark.parametrize(
    ("since", "used"),
    [(-5, 15), (0, 15), (4, 11), (10, 5), (15, 5), (20, 5), (24, 1), (25, 0), (30, 0)],
)
def test_what_lies_after_an_instant_is_added_up(since: int, used: int) -> None:
    """Of a stay that it falls into, the part after it."""
    stays = [stay(0, 10), stay(12, 14, MUSIC), stay(20, 25)]
    assert Usage().since(IN_LOBBY, at(since), stays, Surroundings()) == SECOND * used


def test_one_stay_more_is_added_where_it_counts() -> None:
    """To the sums that somebody has asked for; no stay is looked at again for that."""
    usage, around = Usage(), Surroundings()
    assert usage.since(IN_LOBBY, at(0), [stay(0, 10)], around) == SECOND * 10
    assert usage.since(EVERYWHERE, at(0), [stay(0, 10)], around) == SECOND * 10
    usage.note(stay(20, 22, MUSIC), around)
    usage.note(stay(30, 34), around)
    assert usage.since(IN_LOBBY, at(0), [], around) == SECOND * 14
    assert usage.since(EVERYWHERE, at(0), [], around) == SECOND * 16
    usage.clear()
    assert usage.since(IN_LOBBY, at(0), [], around) == timedelta()


def test_channels_that_have_changed_are_added_up_anew() -> None:
    """By what they are now, also those of stays that are over."""
    usage, around = Usage(), Surroundings()
    in_category = RulePlaces(InChannels(frozenset({CATEGORY}), frozenset(), frozenset()))
    stays = [stay(0, 10)]
    assert usage.since(in_category, at(0), stays, around) == timedelta()
    around.set_channel(Channel(LOBBY, ChannelKind.VOICE, CATEGORY))
    stays.append(stay(20, 25))
    usage.note(stays[-1], around)
    assert usage.since(in_category, at(0), stays, around) == SECOND * 15


def test_sums_that_have_grown_long_are_made_anew() -> None:
    """Of what is still remembered."""
    usage, around = Usage(), Surroundings()
    usage.since(EVERYWHERE, at(0), [], around)
    for second in range(MOST_SUMMED + 1):
        usage.note(stay(second, second + 1), around)
    assert usage.since(EVERYWHERE, at(0), [], around) == SECOND * (MOST_SUMMED + 1)
    usage.note(stay(9000, 9001), around)
    assert usage.since(EVERYWHERE, at(0), [stay(9000, 9001)], around) == SECOND


def test_a_channel_that_moves_takes_its_used_time_along() -> None:
    """A category is that of the channel now."""
    text = ROLLING.replace("lobby", "category")
    stage = Stage(text)
    stage.enter(ALICE, OUTSIDE)
    stage.at(3000).enter(ALICE, LOBBY)
    moved = Channel(OUTSIDE, ChannelKind.VOICE, CATEGORY)
    assert stage.at(3300).step(ChannelChanged(GUILD, moved)) == []
    assert stage.at(3599).step() == []
    assert stage.at(3600).step() == [("r", "mute")]


def test_a_channel_that_is_deleted_is_in_no_category() -> None:
    """What was used in it counts no more where the category is named."""
    stage = Stage(ROLLING.replace("lobby", "category"))
    stage.enter(ALICE, MUSIC)
    stage.at(3000).enter(ALICE, LOBBY)
    assert stage.wake_in == 3600
    assert stage.at(3300).step(ChannelDeleted(GUILD, MUSIC)) == []
    assert stage.at(6599).step() == []
    assert stage.at(6600).step() == [("r", "mute")]


def wakes(stage: Stage, until: float) -> int:
    """How often the engine wants to be woken up to an instant."""
    count = 0
    while (wake_in := stage.wake_in) is not None and wake_in < until:
        stage.at(wake_in).step()
        count += 1
    return count


@pytest.mark.parametrize("late", [0.000001, 0.01, 1, 60, 600])
def test_nobody_is_woken_again_and_again(late: float) -> None:
    """Also where as much is left behind as is added while hardly anything is missing."""
    stage = Stage(ROLLING)
    stage.enter(ALICE, LOBBY)
    stage.at(1800).enter(ALICE, AFK)
    stage.at(5400 + late).enter(ALICE, LOBBY)
    assert wakes(stage, 20_000) < 70
    (decision,) = stage.decisions
    # From 7200 to 9000 the old stay is left behind; then it goes on where it stood.
    assert decision.decided_at == stage.instant(9000 + late)
