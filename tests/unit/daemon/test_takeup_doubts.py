"""After a kill: what is on, by whose hand, where answers and reports are missing."""

from dataclasses import replace

import pytest

from tests.support.hands import Slot, held, slots
from tests.support.stage import ALICE, GUILD, LOBBY, MUSIC, Stage
from tests.unit.daemon.enforcement.tools import decide
from tests.unit.daemon.left_behind import left_behind
from voxguard.daemon.takeup import take_up
from voxguard.model.decisions import Effect, Outcome
from voxguard.model.world import VoiceState
from voxguard.ports.outbox import UnfinishedDecision

LIFTS = """
rules:
  lifts: {priority: 1, where: music, then: {mute: false, deafen: false}}
  quiet: {where: lobby, then: {mute: true, deafen: true, hold: 1h}}
"""


@pytest.mark.parametrize("effect", [Effect.MUTE, Effect.DEAFEN, Effect.SUPPRESS, Effect.GRANT])
def test_what_nothing_holds_any_more_is_not_set(effect: Effect) -> None:
    """Whatever has ended it was on disk before the kill, though the outcome was not."""
    stage = Stage("rules: {}")
    stage.enter(ALICE, LOBBY)
    unfinished = UnfinishedDecision(decide(effect, user=ALICE, guild=GUILD), "", None)
    taken = take_up(replace(left_behind(stage), decisions=(unfinished,)), stage.instant(1))
    assert taken.unfinished == []
    assert [each.outcome for each in taken.outcomes] == [Outcome.SUPERSEDED]


def test_a_release_that_a_hand_has_made_is_not_made_again() -> None:
    """Its outcome was lost with the daemon; what is in doubt is nobody's hand."""
    stage = Stage("rules: {r: {where: lobby, then: {mute: true}}}", humans=True)
    stage.enter(ALICE, LOBBY)
    stage.at(1).enter(ALICE, LOBBY, guild_mute=True)
    (mute, release) = stage.decisions
    assert release.yielded
    taken = take_up(left_behind(stage, None, None), stage.instant(2))
    assert [(each.decision_id, each.outcome) for each in taken.outcomes] == [
        (mute.id, Outcome.SUPERSEDED),
        (release.id, Outcome.YIELDED),
    ]
    held = Stage("rules: {r: {where: lobby, then: {mute: true, grant: dj}}}", humans=True)
    held.enter(ALICE, LOBBY)
    taken = take_up(left_behind(held, None, None), held.instant(2))
    member = taken.guilds[GUILD].members[ALICE]
    assert (member.reported_mute, len(taken.unfinished)) == (None, 2)


@slots
@pytest.mark.parametrize("on", [True, False])
def test_what_was_answered_is_what_reports_are_compared_with(slot: Slot, on: bool) -> None:
    """What had shown it may not be on disk: the same again is somebody else's hand."""
    stage = held(slot)
    if not on:
        stage.at(2).activate("rules: {}")
    state = replace(left_behind(stage, *(None for _ in stage.decisions)), decisions=())
    member = take_up(state, stage.instant(3)).guilds[GUILD].members[ALICE]
    if slot.flag is None:
        assert member.reported_roles == member.own_roles
    else:
        assert getattr(member, slot.flag) is on
        name = slot.flag.replace("guild_", "")
        assert getattr(member, f"reported_{name}") is on


@slots
def test_what_is_in_doubt_is_what_was_reported(slot: Slot) -> None:
    """A release without an answer leaves the reports as they were."""
    stage = held(slot)
    stage.at(2).activate("rules: {}")
    member = take_up(left_behind(stage, Outcome.APPLIED, None), stage.instant(3))
    again = member.guilds[GUILD].members[ALICE]
    if slot.flag is None:
        assert again.reported_roles != again.own_roles
    else:
        assert getattr(again, slot.flag) is False
        assert getattr(again, f"reported_{slot.flag.replace('guild_', '')}") is True


@pytest.mark.parametrize("lifted", [True, False])
def test_a_lifting_in_doubt_is_followed_by_a_release(lifted: bool) -> None:
    """It is not repeated; what it was to end of ours ends all the same, once the guild is seen."""
    stage = Stage(LIFTS)
    stage.enter(ALICE, LOBBY)
    stage.at(1).enter(ALICE, LOBBY, guild_mute=True, guild_deaf=True)
    assert stage.at(2).enter(ALICE, MUSIC, guild_mute=True, guild_deaf=True) == [
        ("lifts", "undeafen"),
        ("lifts", "unmute"),
    ]
    applied = Outcome.APPLIED
    taken = take_up(left_behind(stage, applied, applied, None, None), stage.instant(3))
    assert [each.outcome for each in taken.outcomes[-2:]] == [Outcome.UNKNOWN] * 2
    again = Stage(LIFTS, humans=True, appear=False)
    again.engine.restore(taken.guilds[GUILD])
    there = VoiceState(ALICE, MUSIC, guild_mute=not lifted, guild_deaf=not lifted)
    assert again.at(4).step(again.snapshot(voice=[there])) == [
        ("lifts", "undeafen"),
        ("lifts", "unmute"),
    ]
    assert [each.release for each in again.decisions] == [True, True]


def test_a_lifting_of_what_others_have_set_is_not_repeated() -> None:
    """In doubt it is unknown, and what is on is as it is reported."""
    stage = Stage(LIFTS, humans=True)
    stage.enter(ALICE, MUSIC, guild_mute=True)
    taken = take_up(left_behind(stage, None), stage.instant(3))
    assert [each.outcome for each in taken.outcomes] == [Outcome.UNKNOWN]
    assert taken.guilds[GUILD].members[ALICE].enforced.leases == {}
