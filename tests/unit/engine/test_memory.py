"""What a restarted daemon still knows, and what the time away ends."""

from datetime import timedelta

import pytest

from tests.support.stage import AFK, ALICE, BOB, GUILD, LOBBY, MUSIC, START, Stage
from voxguard.engine.engine import Engine
from voxguard.engine.memory import recall, remember
from voxguard.engine.restart import forget_placement, restore_guilds
from voxguard.engine.state import new_episode_id
from voxguard.model.decisions import Decision, Effect
from voxguard.model.visits import EndReason, Visit
from voxguard.model.world import VoiceState

RULES = """
rules:
  quiet: {where: lobby, then: {mute: true, deafen: true}}
  watch: {mode: observe, where: lobby, then: {disconnect: true}}
  limit: {where: lobby, for: 1h, then: {move: afk}}
  out: {where: music, then: {disconnect: true}}
"""


def restart(
    stage: Stage, away_seconds: float, *voice: VoiceState
) -> tuple[list[Decision], list[Visit]]:
    """Kill the engine, and show the guild to the next one so much later."""
    guild = stage.engine.guild(GUILD)
    assert guild is not None
    memories = [(GUILD, user, remember(member)) for user, member in guild.members.items()]
    alive_at = stage.instant()
    now = alive_at + timedelta(seconds=away_seconds)
    engine = Engine(stage.engine.index)
    guilds, damaged = restore_guilds(memories, alive_at, now)
    assert damaged == []
    for restored in guilds.values():
        engine.restore(restored)
    stage.engine = engine
    stage.now += away_seconds
    decisions, visits = len(stage.decisions), len(stage.visits)
    stage.step(stage.snapshot(voice=voice))
    return stage.decisions[decisions:], stage.visits[visits:]


def effects(decisions: list[Decision]) -> list[tuple[str, str]]:
    """Decisions as (rule, effect)."""
    return [(decision.rule, decision.effect.value) for decision in decisions]


def test_a_memory_comes_back_as_it_was() -> None:
    """Every part of a member's state survives the way to bytes and back."""
    stage = Stage(RULES)
    stage.enter(ALICE, LOBBY)
    stage.enter(BOB, MUSIC, guild_mute=True)
    for user in (ALICE, BOB):
        memory = remember(stage.member(user))
        assert remember(recall(GUILD, user, memory)) == memory


def test_what_is_held_is_taken_up_again() -> None:
    """After a short absence nothing is decided again, and `for` runs on."""
    stage = Stage(RULES)
    stage.enter(ALICE, LOBBY)
    decisions, visits = restart(
        stage, 299, VoiceState(ALICE, LOBBY, guild_mute=True, guild_deaf=True)
    )
    assert decisions == []
    assert visits == []
    assert stage.wake_in == 3600
    assert stage.at(3600).step() == [("limit", "move")]


def test_after_a_long_absence_a_new_visit_begins() -> None:
    """The old visit is lost at the last instant alive; leases stay in place."""
    stage = Stage(RULES)
    stage.enter(ALICE, LOBBY)
    stage.now = 100
    decisions, visits = restart(
        stage, 300, VoiceState(ALICE, LOBBY, guild_mute=True, guild_deaf=True)
    )
    assert effects(decisions) == [("watch", "disconnect")]
    lost, new = visits
    assert (lost.end_reason, lost.left_at) == (EndReason.LOST, stage.instant(100))
    assert (new.channel_id, new.joined_at) == (LOBBY, stage.instant(400))
    assert stage.wake_in == 400 + 3600


def test_a_visit_that_a_restart_has_ended_is_not_taken_up_by_the_next() -> None:
    """The memory is to be written anew, though the guild is not seen in between."""
    stage = Stage(RULES)
    stage.enter(ALICE, LOBBY)
    memory = (GUILD, ALICE, remember(stage.member(ALICE)))
    guilds, _ = restore_guilds([memory], stage.instant(100), stage.instant(1000))
    assert guilds[GUILD].touched == {ALICE}
    assert guilds[GUILD].members[ALICE].visit is None


def test_who_is_found_elsewhere_or_not_at_all_is_released() -> None:
    """The visit ended unseen, at the last instant at which anybody watched."""
    stage = Stage(RULES)
    stage.enter(ALICE, LOBBY)
    stage.enter(BOB, LOBBY)
    stage.now = 100
    decisions, visits = restart(stage, 60, VoiceState(ALICE, AFK, guild_mute=True))
    assert effects(decisions) == [("quiet", "undeafen"), ("quiet", "unmute")] * 2
    assert [decision.channel_id for decision in decisions] == [AFK, AFK, None, None]
    lost = [visit for visit in visits if visit.left_at is not None]
    assert {(visit.user_id, visit.end_reason, visit.left_at) for visit in lost} == {
        (ALICE, EndReason.LOST, stage.instant(100)),
        (BOB, EndReason.LOST, stage.instant(100)),
    }


def test_a_restart_after_the_clock_was_set_back_counts_no_time() -> None:
    """What is held for a while is held on, and nothing lies in the future."""
    stage = Stage("rules: {quiet: {where: lobby, then: {mute: true, hold: 1h}}}")
    stage.at(7200).enter(ALICE, LOBBY)
    stage.now = 7500
    decisions, visits = restart(stage, -3600)
    assert decisions == []
    assert [visit.left_at for visit in visits] == [stage.instant(7500)]
    assert stage.wake_in == 7200 + 3600 - 3600


def test_a_for_across_channels_does_not_outlast_an_unseen_move() -> None:
    """Nobody knows where the member was in between."""
    stage = Stage(
        "rules: {r: {where: [lobby, music], for: {time: 1h, across_channels: true},"
        " then: {move: afk}}}"
    )
    stage.enter(ALICE, LOBBY)
    stage.now = 100
    restart(stage, 60, VoiceState(ALICE, MUSIC))
    assert stage.wake_in == 160 + 3600


def test_a_member_without_a_visit_or_lease_comes_back_too() -> None:
    """A pending release of somebody absent is remembered through what was reported last."""
    stage = Stage("rules: {quiet: {where: lobby, then: {mute: true}}}")
    stage.enter(ALICE, LOBBY)
    stage.at(1).enter(ALICE, LOBBY, guild_mute=True)
    stage.at(2).step(stage.snapshot())
    assert stage.member(ALICE).reported_mute
    assert not stage.member(ALICE).guild_mute
    decisions, _ = restart(stage, 400)
    assert decisions == []
    assert stage.at(500).enter(ALICE, LOBBY, guild_mute=True) == [("quiet", "mute")]


def test_a_placement_that_is_forgotten_is_due_again() -> None:
    """Nobody knows what became of it, so the rule acts on who is still there, in that alone."""
    stage = Stage(RULES)
    stage.enter(ALICE, MUSIC)
    member = recall(GUILD, ALICE, remember(stage.member(ALICE)))
    member.episode("out").done.add(Effect.WARN)
    later = START + timedelta(minutes=1)
    episode_id = member.episode("out").id
    forget_placement(member, "out", Effect.DISCONNECT, later)
    forget_placement(member, "no-such-rule", Effect.DISCONNECT, later)
    assert member.episode("out").began_at == later
    assert member.episode("out").id == new_episode_id(member, "out", later) != episode_id
    assert member.episode("out").done == {Effect.WARN}
    assert member.enforced.placement is None


@pytest.mark.parametrize(
    "memory",
    [
        b"",
        b"\xff",
        b"[]",
        b"{}",
        b'{"format": 3}',
        b'{"format": 2, "visit": null}',
        b'{"format": 1, "channel": {}}',
    ],
)
def test_a_damaged_memory_is_left_out(memory: bytes) -> None:
    """What cannot be understood is said, with its member, and keeps nobody else from theirs."""
    stage = Stage(RULES)
    stage.enter(BOB, LOBBY)
    whole = remember(stage.member(BOB))
    now = stage.instant()
    guilds, damaged = restore_guilds([(GUILD, ALICE, memory), (GUILD, BOB, whole)], now, now)
    assert list(guilds[GUILD].members) == [BOB]
    assert len(damaged) == 1
    assert damaged[0].startswith("member 501 of guild 100: ")
