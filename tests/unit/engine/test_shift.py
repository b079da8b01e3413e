"""A wall clock that is stepped: durations go on, and the calendar is followed."""

from datetime import timedelta

import pytest

from tests.support.restart import restarted
from tests.support.stage import AFK, ALICE, BOB, GUILD, LOBBY, MUSIC, Stage
from voxguard.model.events import GuildVanished
from voxguard.model.visits import EndReason
from voxguard.policy.effects.base import MUTE

HOUR = 3600
LIMIT = "rules: {limit: {where: lobby, for: 1h, then: {move: afk}}}"
NIGHT = """
schedules: {night: {windows: [{from: 2026-03-02T13:00, to: 2026-03-02T14:00}]}}
rules: {night: {where: lobby, when: {schedule: night}, then: {mute: true}}}
"""


def step_clock(stage: Stage, by: float) -> None:
    """Set the clock forward, or back; nothing else happens at that instant."""
    stage.now += by
    stage.engine.shift(timedelta(seconds=by), stage.instant())


@pytest.mark.parametrize("by", [-HOUR, HOUR, -0.5])
def test_a_time_limit_goes_on(by: float) -> None:
    """It is reached when so much time has passed, whatever the clock shows."""
    stage = Stage(LIMIT)
    stage.enter(ALICE, LOBBY)
    stage.now = 600
    step_clock(stage, by)
    assert stage.step() == []
    assert stage.wake_in == HOUR + by
    assert stage.at(HOUR + by - 1).step() == []
    assert stage.at(HOUR + by).step() == [("limit", "move")]


def test_what_fell_due_before_the_step_is_decided_at_its_own_instant() -> None:
    """By the new time, and before what happens at the present."""
    stage = Stage(LIMIT)
    stage.enter(ALICE, LOBBY)
    stage.now = HOUR + 5
    step_clock(stage, -HOUR)
    assert stage.leave(ALICE) == [("limit", "move")]
    (decision,) = stage.decisions
    assert decision.decided_at == stage.instant(0)


@pytest.mark.parametrize("by", [HOUR, -HOUR])
def test_a_schedule_follows_the_new_time(by: float) -> None:
    """It opens and closes when the clock shows so, at once where it was stepped over that."""
    stage = Stage(NIGHT)
    stage.enter(ALICE, LOBBY)
    if by < 0:
        assert stage.at(HOUR).step() == [("night", "mute")]
    stage.now += 600
    step_clock(stage, by)
    assert stage.step() == [("night", "mute" if by > 0 else "unmute")]
    assert stage.wake_in == (2 * HOUR if by > 0 else HOUR)


def test_a_day_is_that_of_the_new_calendar() -> None:
    """What was used counts for the day on which it was, by the clock as it is now."""
    rules = (
        "rules: {day: {where: lobby, when: {time_used: {min: 30m, per: day}}, then: {mute: true}}}"
    )
    stage = Stage(rules)
    stage.enter(ALICE, LOBBY)
    stage.at(1200).leave(ALICE)
    step_clock(stage, 12 * HOUR - 1200 - 600)
    stage.enter(ALICE, LOBBY)
    assert stage.wake_in == 12 * HOUR
    stage.at(12 * HOUR).step()
    assert stage.wake_in == 12.5 * HOUR


@pytest.mark.parametrize("by", [-2 * HOUR, 2 * HOUR])
def test_used_time_is_what_has_passed(by: float) -> None:
    """Of stays that are over and of the one that goes on, and rows end after they begin."""
    rules = "rules: {used: {where: lobby, when: {time_used: {min: 1h, per: 24h}}, then: {warn: x}}}"
    stage = Stage(rules)
    stage.enter(ALICE, LOBBY)
    stage.at(600).enter(ALICE, MUSIC)
    stage.at(700).enter(ALICE, LOBBY)
    stage.now = 1000
    step_clock(stage, by)
    stage.step()
    member = stage.member(ALICE)
    assert member.here_since == stage.instant(700 + by)
    assert stage.wake_in == 700 + 3000 + by
    assert [stay.joined_at for stay in member.stays(stage.instant(by))] == [
        stage.instant(by),
        stage.instant(600 + by),
        stage.instant(700 + by),
    ]
    assert stage.at(1100 + by).leave(ALICE) == []
    last = stage.visits[-1]
    assert last.joined_at == stage.instant(700)
    assert last.left_at == stage.instant(max(700, 1100 + by))
    assert [(each.left_at - each.joined_at).total_seconds() for each in member.history.stays] == [
        600,
        100,
        400,
    ]
    assert member.here_since is None


def test_holds_and_cooldowns_end_when_their_time_has_passed() -> None:
    """Also those of members who are away, and in a guild that is."""
    stage = Stage(
        """
        rules:
          held: {where: lobby, then: {mute: true, hold: 10m}}
          again: {where: lobby, cooldown: 10m, then: {warn: x}}
        """
    )
    stage.enter(ALICE, LOBBY)
    stage.at(60).leave(ALICE)
    stage.at(70).enter(BOB, LOBBY)
    stage.at(80).leave(BOB)
    stage.at(90).enter(BOB, LOBBY)
    step_clock(stage, -HOUR)
    stage.step()
    assert stage.at(600 - HOUR).step() == [("held", "unmute")]
    assert stage.at(670 - HOUR).step() == [("again", "warn")]
    stage.step(GuildVanished(GUILD))
    step_clock(stage, HOUR)
    assert stage.at(690).step() == [("held", "unmute")]


def test_entries_count_for_as_long_as_before() -> None:
    """Of the member, and of the channel."""
    stage = Stage(
        """
        rules:
          own: {when: {entries: {min: 2, within: 60s}}, then: {mute: true}}
          all: {when: {channel_entries: {min: 2, within: 50s}}, then: {deafen: true}}
        """
    )
    stage.enter(ALICE, LOBBY)
    stage.at(10).enter(ALICE, MUSIC)
    assert stage.at(20).enter(BOB, MUSIC) == [("all", "deafen")] * 2
    step_clock(stage, HOUR)
    assert stage.step() == []
    assert stage.wake_in == HOUR + 60
    assert stage.at(HOUR + 60).step() == [
        ("all", "undeafen"),
        ("own", "unmute"),
        ("all", "undeafen"),
    ]


def test_an_absent_member_is_forgotten_when_their_past_is() -> None:
    """Nothing is remembered for longer, or shorter, because the clock was set."""
    stage = Stage("rules: {own: {when: {entries: {min: 2, within: 60s}}, then: {mute: true}}}")
    stage.enter(ALICE, LOBBY)
    stage.at(10).leave(ALICE)
    step_clock(stage, -HOUR)
    guild = stage.engine.guild(GUILD)
    assert guild is not None
    stage.at(59 - HOUR).step()
    assert list(guild.members) == [ALICE]
    stage.at(60 - HOUR).step()
    stage.step()
    assert guild.members == {}


def test_what_had_begun_keeps_its_ids() -> None:
    """A release belongs to the decision that it ends, and the memory says so."""
    stage = Stage("rules: {quiet: {where: lobby, then: {mute: true, grant: dj}}}")
    stage.enter(ALICE, LOBBY)
    episode_id = stage.decisions[0].episode_id
    visit = stage.member(ALICE).visit
    step_clock(stage, HOUR)
    step = stage.engine.step((), stage.instant())
    assert step.touched == ((GUILD, ALICE),)
    assert stage.member(ALICE).visit == visit
    assert restarted(stage) == []
    stage.leave(ALICE)
    assert [decision.episode_id for decision in stage.decisions] == [episode_id] * 4


def test_who_is_in_a_visit_is_told_by_both_clocks() -> None:
    """A decision of before the step, and one of after it, belong to the visit that goes on."""
    stage = Stage("rules: {}")
    stage.at(100).enter(ALICE, AFK)
    member = stage.member(ALICE)
    assert [member.in_visit(stage.instant(at)) for at in (99, 100)] == [False, True]
    step_clock(stage, -50)
    assert [member.in_visit(stage.instant(at)) for at in (49, 50, 100)] == [False, True, True]
    step_clock(stage, 950)
    assert [member.in_visit(stage.instant(at)) for at in (99, 100, 1000)] == [False, True, True]
    stage.leave(ALICE)
    assert stage.visits[-1].end_reason is EndReason.LEFT
    assert not member.in_visit(stage.instant())


def test_what_is_known_only_from_a_while_ago_on_is_known_so_much_later() -> None:
    """Used time does not match for as long as before, and fights go on for as long."""
    rules = "rules: {used: {when: {time_used: {min: 10s, per: 1h}}, then: {mute: true}}}"
    stage = Stage(rules)
    stage.enter(ALICE, LOBBY)
    stage.engine.know_stays(GUILD, stage.instant(0))
    stage.member(ALICE).fights[MUTE] = [stage.instant(5)]
    stage.at(60).step()
    step_clock(stage, -HOUR)
    assert stage.step() == []
    assert stage.member(ALICE).fights[MUTE] == [stage.instant(5 - HOUR)]
    assert stage.at(-1).step() == []
    assert stage.at(0).step() == [("used", "mute")]
