"""What is remembered of a member over visits, and for how long."""

from collections import deque
from datetime import timedelta

import pytest

from tests.support.stage import ALICE, BOB, CAROL, GUILD, LOBBY, MUSIC, START, Stage, voice
from voxguard.engine.history import MOST_STAYS, Act, History
from voxguard.engine.lookback import NOTHING, Lookback
from voxguard.engine.surroundings import Surroundings
from voxguard.engine.usage import PastStay
from voxguard.model.events import MemberRemoved
from voxguard.model.ids import UserId
from voxguard.policy.conditions.time_used import RulePlaces

SECOND = timedelta(seconds=1)
AROUND = Surroundings()
LOOKBACK = Lookback(
    entries=3,
    channel_entries=2,
    entries_for=30 * SECOND,
    stays_for=60 * SECOND,
    acts_for={"enforce:r": 90 * SECOND},
)


def past() -> History:
    """Entries at 0, 10 and 20, a stay from 0 to 10, and an act at 5."""
    history = History()
    for second in (0, 10, 20):
        history.note_entry(LOBBY if second else MUSIC, START + SECOND * second, LOOKBACK)
    history.note_stay(PastStay(MUSIC, START, START + 10 * SECOND), LOOKBACK, AROUND)
    history.note_act("enforce:r", START, START + 5 * SECOND, 3)
    return history


def test_nothing_is_nothing() -> None:
    """A member without a past can be forgotten."""
    assert not History()
    assert History().expires_at(LOOKBACK) is None
    history = History()
    history.prune(LOOKBACK, START)
    assert not history


def test_nothing_is_kept_that_no_rule_asks_for() -> None:
    """Neither entries nor stays."""
    history = History()
    history.note_entry(LOBBY, START, NOTHING)
    history.note_stay(PastStay(LOBBY, START, START + SECOND), NOTHING, AROUND)
    assert not history


def test_of_entries_as_many_are_kept_as_are_asked_for() -> None:
    """The latest, of all channels and of each."""
    history = History()
    for second, channel in enumerate((LOBBY, LOBBY, LOBBY, MUSIC, MUSIC)):
        history.note_entry(channel, START + SECOND * second, LOOKBACK)
    assert history.entries == deque(START + SECOND * second for second in (2, 3, 4))
    assert history.entries_of == {
        LOBBY: deque(START + SECOND * second for second in (1, 2)),
        MUSIC: deque(START + SECOND * second for second in (3, 4)),
    }


def test_a_stay_without_length_is_none() -> None:
    """Nobody has used any time in it."""
    history = History()
    history.note_stay(PastStay(LOBBY, START, START), LOOKBACK, AROUND)
    assert not history


@pytest.mark.parametrize(("second", "kept"), [(69, 2), (70, 1), (71, 1)])
def test_a_stay_is_kept_as_long_as_it_can_count(second: int, kept: int) -> None:
    """One that ended exactly that long ago does not count any more."""
    history = past()
    history.note_stay(
        PastStay(LOBBY, START + 60 * SECOND, START + second * SECOND), LOOKBACK, AROUND
    )
    assert len(history.stays) == kept


def test_of_very_many_stays_the_oldest_go() -> None:
    """Whoever changes channel all the time is no burden."""
    history = History()
    forever = Lookback(stays_for=timedelta(days=300))
    for second in range(MOST_STAYS + 2):
        at = START + SECOND * second
        history.note_stay(PastStay(LOBBY, at, at + SECOND), forever, AROUND)
    assert len(history.stays) == MOST_STAYS
    assert history.stays[0].joined_at == START + 2 * SECOND


def test_stays_since_an_instant_are_those_that_ended_after_it() -> None:
    """Oldest first; one that ended at the very instant is over."""
    history = History()
    long = Lookback(stays_for=timedelta(hours=1))
    stays = [PastStay(LOBBY, START + SECOND * n, START + SECOND * (n + 5)) for n in (0, 10, 20)]
    for stay in stays:
        history.note_stay(stay, long, AROUND)
    assert list(history.stays_since(START + 4 * SECOND)) == stays
    assert list(history.stays_since(START + 5 * SECOND)) == stays[1:]
    assert list(history.stays_since(START + 14 * SECOND)) == stays[1:]
    assert list(history.stays_since(START + 25 * SECOND)) == []


def test_an_episode_has_one_act() -> None:
    """The last decision of it counts, and of episodes the latest."""
    history = History()
    for began, at in ((0, 0), (0, 3), (5, 5), (9, 9)):
        history.note_act("enforce:r", START + SECOND * began, START + SECOND * at, 2)
    assert list(history.acts["enforce:r"]) == [
        Act(START + SECOND * 5, START + SECOND * 5),
        Act(START + SECOND * 9, START + SECOND * 9),
    ]
    history.note_act("observe:r", START, START, 2)
    assert len(history.acts) == 2


@pytest.mark.parametrize(
    ("second", "entries", "of_channels", "stays", "acts"),
    [
        (29, 3, 2, 1, 1),
        (30, 2, 1, 1, 1),
        (49, 1, 1, 1, 1),
        (50, 0, 0, 1, 1),
        (69, 0, 0, 1, 1),
        (70, 0, 0, 0, 1),
        (94, 0, 0, 0, 1),
        (95, 0, 0, 0, 0),
    ],
)
def test_what_does_not_count_any_more_is_forgotten(
    second: int, entries: int, of_channels: int, stays: int, acts: int
) -> None:
    """At exactly the end of its time, and not a second before."""
    history = past()
    history.prune(LOOKBACK, START + SECOND * second)
    found = (len(history.entries), len(history.entries_of), len(history.stays), len(history.acts))
    assert found == (entries, of_channels, stays, acts)


def test_what_no_rule_asks_for_any_more_is_forgotten_at_once() -> None:
    """Another revision looks back less far."""
    history = past()
    history.prune(NOTHING, START + 20 * SECOND)
    assert not history


def test_a_past_expires_with_the_last_of_it() -> None:
    """Then the member can be forgotten."""
    history = past()
    assert history.expires_at(LOOKBACK) == START + 95 * SECOND
    del history.acts["enforce:r"]
    assert history.expires_at(LOOKBACK) == START + 70 * SECOND
    history.stays.clear()
    assert history.expires_at(LOOKBACK) == START + 50 * SECOND
    history.note_act("enforce:gone", START, START + 5 * SECOND, 1)
    assert history.expires_at(LOOKBACK) == START + 50 * SECOND


RULES = """
rules:
  hop: {when: {entries: {min: 3, within: 30s}}, then: {warn: x}}
  cool: {where: lobby, cooldown: 2m, then: {warn: y}}
"""


def members_of(stage: Stage) -> set[UserId]:
    """Of whom anything is remembered."""
    guild = stage.engine.guild(GUILD)
    assert guild is not None
    return set(guild.members)


def test_whoever_has_left_is_forgotten_in_time() -> None:
    """With the next step after nothing of them counts; nobody is woken up for that."""
    stage = Stage(RULES)
    stage.enter(ALICE, MUSIC)
    stage.enter(BOB, LOBBY)
    stage.at(1).step(voice(ALICE, None), voice(BOB, None))
    assert members_of(stage.at(29)) == {ALICE, BOB}
    assert stage.wake_in is None
    stage.at(30).step()
    assert members_of(stage) == {BOB}
    stage.at(119).step()
    assert members_of(stage) == {BOB}
    stage.at(120).step()
    assert members_of(stage) == set()


def test_who_is_back_is_not_forgotten() -> None:
    """Also where many wait to be decided as their past runs out."""
    stage = Stage(RULES)
    stage.enter(ALICE, MUSIC)
    stage.enter(BOB, MUSIC)
    stage.at(1).step(voice(ALICE, None), voice(BOB, None))
    at = stage.at(20).instant()
    stage.engine.step([voice(ALICE, MUSIC), voice(BOB, MUSIC)], at, limit=1)
    assert stage.engine.unfinished
    stage.at(40).step(voice(CAROL, MUSIC))
    assert members_of(stage) == {ALICE, BOB, CAROL}
    assert len(stage.member(BOB).history.entries) == 2


def test_the_past_of_a_member_who_comes_back_to_the_guild_counts() -> None:
    """Leaving the guild is no way out of having hopped."""
    stage = Stage("rules: {hop: {when: {entries: {min: 3, within: 1m}}, then: {mute: true}}}")
    stage.at(1).enter(ALICE, LOBBY)
    stage.at(2).enter(ALICE, MUSIC)
    stage.at(3).step(MemberRemoved(GUILD, ALICE))
    assert not stage.member(ALICE).connected
    assert stage.at(4).enter(ALICE, LOBBY) == [("hop", "mute")]


def test_who_is_away_uses_no_more_time() -> None:
    """What was used stays what it was."""
    stage = Stage("rules: {long: {when: {time_used: {min: 1h, per: 2h}}, then: {mute: true}}}")
    stage.enter(ALICE, LOBBY)
    stage.at(60).leave(ALICE)
    used = stage.member(ALICE).used(RulePlaces(), START, stage.instant(600))
    assert used == 60 * SECOND


def test_a_revision_that_asks_for_less_lets_go() -> None:
    """Of those who are away, with the next step."""
    stage = Stage(RULES)
    stage.enter(ALICE, LOBBY)
    stage.at(1).leave(ALICE)
    assert stage.at(2).activate("rules: {}") == []
    stage.at(3).step()
    assert members_of(stage) == set()
