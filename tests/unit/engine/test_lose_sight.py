"""A time in which nobody watched, though the engine lived: a machine that was suspended."""

from datetime import timedelta

import pytest

from tests.support.stage import AFK, ALICE, BOB, GUILD, LOBBY, MUSIC, Stage
from voxguard.model.decisions import Effect
from voxguard.model.events import EnforcementFailed
from voxguard.model.visits import EndReason
from voxguard.model.world import VoiceState

HOUR = 3600
LIMIT = "rules: {limit: {where: lobby, for: 1h, then: {move: afk}}}"


def sleep(stage: Stage, seconds: float) -> None:
    """Let time pass in which nobody watches."""
    watched_at = stage.instant()
    stage.now += seconds
    stage.engine.lose_sight(watched_at, stage.instant())


def test_what_fell_due_meanwhile_is_not_decided() -> None:
    """Nobody knows whether the member was there, until Discord shows the guild."""
    stage = Stage(LIMIT)
    stage.enter(ALICE, LOBBY)
    stage.now = HOUR - 10
    sleep(stage, 299)
    assert stage.step() == []
    assert stage.leave(ALICE) == []
    assert stage.step(stage.snapshot(voice=[VoiceState(ALICE, LOBBY)])) == [("limit", "move")]
    assert stage.decisions[0].decided_at == stage.instant()
    assert [visit.left_at for visit in stage.visits] == [None]


def test_after_a_long_time_a_new_visit_begins() -> None:
    """As after a restart: the old one was lost when it was last seen, what is held goes on."""
    rules = """
    rules:
      limit: {where: lobby, for: 1h, then: {move: afk}}
      quiet: {where: lobby, then: {mute: true}}
      used: {when: {time_used: {min: 2h, per: day}}, then: {warn: x}}
    """
    stage = Stage(rules)
    stage.enter(ALICE, LOBBY)
    stage.now = 600
    stage.step()
    sleep(stage, 300)
    shown = VoiceState(ALICE, LOBBY, guild_mute=True)
    stage.at(1000).step(stage.snapshot(voice=[shown]))
    assert [decision.rule for decision in stage.decisions] == ["quiet"]
    _, lost, new = stage.visits
    assert (lost.end_reason, lost.left_at) == (EndReason.LOST, stage.instant(600))
    assert new.joined_at == stage.instant(1000)
    assert stage.wake_in == 1000 + HOUR
    assert stage.at(1000 + 2 * HOUR - 601).step() == [("limit", "move")]
    assert stage.at(1000 + 2 * HOUR - 600).step() == [("used", "warn")]


def test_who_is_found_elsewhere_or_not_at_all_left_when_last_seen() -> None:
    """Their visits end at the last instant at which anybody watched."""
    stage = Stage("rules: {quiet: {where: lobby, then: {mute: true}}}")
    stage.enter(ALICE, LOBBY)
    stage.enter(BOB, LOBBY)
    stage.now = 100
    sleep(stage, 120)
    shown = stage.snapshot(voice=[VoiceState(ALICE, MUSIC, guild_mute=True)])
    assert stage.step(shown) == [("quiet", "unmute")] * 2
    lost = [visit for visit in stage.visits if visit.left_at is not None]
    assert {visit.left_at for visit in lost} == {stage.instant(100)}
    assert {visit.end_reason for visit in lost} == {EndReason.LOST}


def test_sleeping_again_before_anything_was_shown_adds_up() -> None:
    """Nobody has watched since the first time."""
    stage = Stage(LIMIT)
    stage.enter(ALICE, LOBBY)
    sleep(stage, 200)
    stage.now += 50
    sleep(stage, 200)
    stage.step(stage.snapshot(voice=[VoiceState(ALICE, LOBBY)]))
    assert stage.wake_in == 450 + HOUR
    assert stage.visits[1].left_at == stage.instant(0)


def test_a_guild_that_was_away_stays_as_it_was() -> None:
    """Of one that nobody has seen yet there is nothing to lose sight of."""
    stage = Stage(LIMIT, appear=False)
    stage.step(stage.snapshot())
    guild = stage.engine.guild(GUILD)
    assert guild is not None
    guild.available = False
    sleep(stage, 600)
    assert guild.alive_at is None


def test_a_step_before_the_guild_is_shown_again_is_taken_in() -> None:
    """Also by what it was last seen at, with which visits end."""
    stage = Stage(LIMIT)
    stage.enter(ALICE, LOBBY)
    stage.now = 100
    sleep(stage, 60)
    stage.now -= HOUR
    stage.engine.shift(timedelta(seconds=-HOUR), stage.instant())
    stage.step(stage.snapshot())
    (_, lost) = stage.visits
    assert (lost.joined_at, lost.left_at) == (stage.instant(0), stage.instant(0))
    guild = stage.engine.guild(GUILD)
    assert guild is not None
    assert ALICE not in guild.members


@pytest.mark.parametrize("effect", [Effect.MOVE, Effect.DISCONNECT])
def test_what_could_not_be_carried_out_is_known_when_the_guild_is_shown(effect: Effect) -> None:
    """Whoever is still there is decided then, and not before."""
    stage = Stage(LIMIT.replace("for: 1h, ", ""))
    assert stage.enter(ALICE, LOBBY) == [("limit", "move")]
    sleep(stage, 100)
    assert stage.step(EnforcementFailed(GUILD, ALICE, effect)) == []
    assert stage.member(ALICE).enforced.placement is None
    assert stage.step(stage.snapshot(voice=[VoiceState(ALICE, LOBBY)])) == []
    assert stage.member(ALICE).channel_id != AFK
