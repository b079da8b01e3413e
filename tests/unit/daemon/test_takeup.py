from dataclasses import replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from tests.support.stage import AFK, ALICE, BOB, GUILD, LOBBY, MUSIC, START, Stage
from tests.unit.daemon.enforcement.tools import decide
from tests.unit.daemon.left_behind import left_behind, taken_after
from voxguard.daemon.takeup import TakenUp, take_up
from voxguard.model.decisions import Effect, Outcome
from voxguard.model.visits import EndReason
from voxguard.policy.effects.base import MUTE
from voxguard.ports.outbox import MemberRecord, OutboxState, UnfinishedDecision

RULES = """
rules:
  quiet: {where: lobby, then: {mute: true}}
  out: {where: music, then: {disconnect: true}}
  watch: {mode: observe, where: afk, then: {move: lobby}}
"""


def test_held_effects_under_way_go_on() -> None:
    """A mute without an answer is handed to enforcement, which sees what Discord says of it."""
    stage = Stage(RULES)
    stage.enter(ALICE, LOBBY)
    taken = taken_after(left_behind(stage, None), 10)
    assert [each.decision for each in taken.unfinished] == stage.decisions
    assert taken.outcomes == []
    assert taken.visits == []


def test_a_placement_without_an_answer_is_unknown_and_may_be_due_again() -> None:
    """Nobody knows whether it happened; whoever is still there is acted on anew."""
    stage = Stage(RULES)
    stage.enter(ALICE, MUSIC)
    taken = taken_after(left_behind(stage, None), 10)
    assert [record.outcome for record in taken.outcomes] == [Outcome.UNKNOWN]
    assert taken.guilds[GUILD].members[ALICE].episode("out").done == set()


def test_a_placement_that_was_never_sent_is_superseded() -> None:
    """It was waiting for its turn, and is decided anew where its member still is."""
    stage = Stage(RULES)
    stage.enter(ALICE, MUSIC)
    state = left_behind(stage, Outcome.DEFERRED)
    taken = taken_after(state, 10)
    assert [record.outcome for record in taken.outcomes] == [Outcome.SUPERSEDED]
    orphan = take_up(OutboxState(decisions=state.decisions), START)
    assert [record.outcome for record in orphan.outcomes] == [Outcome.SUPERSEDED]


def test_who_was_put_out_and_is_there_has_come_back() -> None:
    """With an answer on disk but no report, the visit is over, and the rule acts on a new one."""
    stage = Stage(RULES)
    stage.enter(ALICE, MUSIC)
    state = replace(left_behind(stage, None), decisions=())
    taken = taken_after(state, 10)
    member = taken.guilds[GUILD].members[ALICE]
    assert (member.visit, member.stretches, member.enforced.placement) == (None, {}, None)
    (visit,) = taken.guilds[GUILD].visits
    assert (visit.end_reason, visit.left_at) == (EndReason.VOXGUARD, state.alive_at)
    assert taken.visits == []


def test_what_was_only_observed_is_observed() -> None:
    """Nothing was ever going to be sent."""
    stage = Stage(RULES)
    stage.enter(ALICE, AFK)
    state = left_behind(stage, None)
    taken = taken_after(state, 10)
    assert [record.outcome for record in taken.outcomes] == [Outcome.OBSERVED]
    (unfinished,) = state.decisions
    fused = replace(unfinished, decision=replace(unfinished.decision, fused=True))
    taken = taken_after(replace(state, decisions=(fused,)), 10)
    assert [record.outcome for record in taken.outcomes] == [Outcome.FUSED]


@pytest.mark.parametrize(
    ("effect", "is_repeatable"),
    [
        (Effect.UNSUPPRESS, True),
        (Effect.REVOKE, True),
        (Effect.UNMUTE, False),
        (Effect.UNDEAFEN, False),
        (Effect.TIMEOUT, False),
        (Effect.WARN, False),
        (Effect.ANNOUNCE, False),
    ],
)
def test_what_is_over_when_it_is_done_is_not_repeated(effect: Effect, is_repeatable: bool) -> None:
    """Releases are looked at again; others without an answer are unknown, never sent twice."""
    decision = decide(effect, release=effect in (Effect.UNSUPPRESS, Effect.REVOKE))
    unfinished = UnfinishedDecision(decision, "", None)
    taken = take_up(OutboxState(decisions=(unfinished,)), START)
    assert taken.unfinished == ([unfinished] if is_repeatable else [])
    unknown = [record.outcome for record in taken.outcomes]
    assert unknown == ([] if is_repeatable else [Outcome.UNKNOWN])
    deferred = replace(unfinished, outcome=Outcome.DEFERRED)
    taken = take_up(OutboxState(decisions=(deferred,)), START)
    assert (taken.unfinished, taken.outcomes) == ([deferred], [])


def test_a_visit_that_nobody_remembers_is_lost() -> None:
    """No row stays open for ever, whatever became of the memory of its member."""
    stage = Stage("rules: {}")
    stage.enter(ALICE, LOBBY)
    stage.enter(BOB, LOBBY)
    stage.now = 60
    state = left_behind(stage)
    damaged = MemberRecord(GUILD, ALICE, b"?")
    gone = OutboxState(
        members=(damaged, *(each for each in state.members if each.user_id == BOB)),
        visits=state.visits,
        alive_at=state.alive_at,
    )
    with capture_logs() as logs:
        taken = taken_after(gone, 10)
    assert [(v.user_id, v.end_reason, v.left_at) for v in taken.visits] == [
        (ALICE, EndReason.LOST, stage.instant(60))
    ]
    assert logs[0]["what"].startswith("member 501 of guild 100")


def test_after_a_long_absence_each_visit_ends_once() -> None:
    """The engine ends the visits that it remembers itself."""
    stage = Stage("rules: {}")
    stage.enter(ALICE, LOBBY)
    taken = taken_after(left_behind(stage), 300)
    assert taken.visits == []
    assert [visit.end_reason for visit in taken.guilds[GUILD].visits] == [EndReason.LOST]


def test_a_clock_that_was_set_back_meanwhile_makes_no_visit_end_before_it_begins() -> None:
    """Nobody knows for how long nobody was there: visits ended when they were last seen."""
    rules = "rules: {quiet: {where: lobby, cooldown: 10h, then: {mute: true, hold: 2h}}}"
    stage = Stage(rules)
    stage.at(7200).enter(ALICE, LOBBY)
    stage.at(7300).enter(BOB, LOBBY)
    stage.now = 7500
    state = left_behind(stage, None, None)
    orphan = replace(state, members=(state.members[0],))
    with capture_logs() as logs:
        taken = taken_after(orphan, -3600)
    assert logs[-2]["seconds"] == -3600
    guild = taken.guilds[GUILD]
    now = stage.instant(7500 - 3600)
    assert guild.alive_at == now
    assert [visit.left_at for visit in (*guild.visits, *taken.visits)] == [state.alive_at] * 2
    alice = guild.members[ALICE]
    (lease,) = alice.enforced.leases[MUTE].values()
    assert lease.until_at == now + timedelta(seconds=7200 - 300)
    (stay,) = alice.history.stays
    assert (stay.joined_at, stay.left_at) == (now - timedelta(seconds=300), now)
    assert guild.touched == {ALICE}


@pytest.mark.parametrize("shown", [-3600, 10, 36_000])
def test_how_long_nobody_was_there_may_be_known(shown: float) -> None:
    """Whatever the clock shows, a `for` goes on after less than five minutes."""
    stage = Stage(RULES)
    stage.enter(ALICE, LOBBY)
    stage.now = 60
    state = left_behind(stage, None)
    assert state.alive_at is not None
    now = state.alive_at + timedelta(seconds=shown)
    taken = take_up(state, now, timedelta(seconds=10))
    guild = taken.guilds[GUILD]
    assert guild.alive_at == now - timedelta(seconds=10)
    assert guild.visits == []
    assert guild.members[ALICE].here_since == now - timedelta(seconds=70)
    late = take_up(state, now, timedelta(minutes=5))
    assert [visit.left_at for visit in late.guilds[GUILD].visits] == [state.alive_at]


@pytest.mark.parametrize(("shown", "is_lost"), [(-0.5, False), (0, False), (-1.5, True)])
def test_a_clock_that_is_a_bit_behind_ends_nothing(shown: float, is_lost: bool) -> None:
    """One that is slewed may show a bit less after a quick restart."""
    stage = Stage(RULES)
    stage.enter(ALICE, LOBBY)
    taken = taken_after(left_behind(stage, None), shown)
    assert bool(taken.guilds[GUILD].visits) is is_lost


def test_a_first_start_finds_nothing() -> None:
    """An empty outbox leaves nothing to go on with."""
    assert take_up(OutboxState(), START) == TakenUp()
