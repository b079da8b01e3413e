"""What Discord reports of a member: whose word on it counts, and for how long."""

from datetime import timedelta

from tests.support.stage import ALICE, DJ, GUILD, LOBBY, MUSIC, STAGE, START, Stage, voice
from voxguard.engine.memory import recall, remember
from voxguard.model.events import MemberChanged, MemberRemoved, VoiceStateChanged
from voxguard.model.world import Member, VoiceState

RULES = "rules: {new: {who: {membership_age: {max: 1h}}, where: lobby, then: {mute: true}}}"
JUST_NOW = Member(ALICE, joined_at=START)
HOUR = 3600


def test_a_member_joined_when_discord_says_so() -> None:
    """A rule holds until exactly that age, and the engine wakes up for it."""
    stage = Stage(RULES, members=[JUST_NOW])
    assert stage.at(HOUR - 1).enter(ALICE, LOBBY) == [("new", "mute")]
    assert stage.wake_in == HOUR
    assert stage.at(HOUR).step() == [("new", "unmute")]
    assert stage.at(HOUR + 1).leave(ALICE) == []
    assert stage.enter(ALICE, LOBBY) == []


def test_nobody_is_new_of_whom_it_is_not_known() -> None:
    """The rule begins at the instant at which it becomes known."""
    stage = Stage(RULES)
    assert stage.enter(ALICE, LOBBY) == []
    assert stage.at(5).step(MemberChanged(GUILD, JUST_NOW)) == [("new", "mute")]


def test_what_was_known_stays_known() -> None:
    """A member object without it takes nothing back."""
    stage = Stage(RULES, members=[JUST_NOW])
    stage.enter(ALICE, LOBBY)
    report = VoiceStateChanged(GUILD, VoiceState(ALICE, LOBBY), Member(ALICE))
    assert stage.at(5).step(report) == []
    assert stage.member(ALICE).joined_at == START


def test_the_newest_word_wins() -> None:
    """Who left the guild and came back joined when they came back."""
    stage = Stage(RULES, members=[Member(ALICE, joined_at=START - timedelta(days=9))])
    assert stage.enter(ALICE, LOBBY) == []
    again = Member(ALICE, joined_at=START + timedelta(seconds=2))
    stage.at(1).step(MemberRemoved(GUILD, ALICE))
    assert stage.at(2).step(MemberChanged(GUILD, again), voice(ALICE, LOBBY)) == [("new", "mute")]
    assert stage.wake_in == HOUR + 2


def test_it_is_remembered_over_a_restart() -> None:
    """Also where the next report of the member lacks it."""
    stage = Stage(RULES, members=[JUST_NOW])
    stage.enter(ALICE, LOBBY)
    memory = remember(stage.member(ALICE))
    assert recall(GUILD, ALICE, memory).joined_at == START
    unknown = memory.replace(b'"joined_at":"2026-03-02T12:00:00+00:00",', b'"joined_at":null,')
    assert unknown != memory
    assert recall(GUILD, ALICE, unknown).joined_at is None


def test_a_role_that_was_revoked_while_away_is_gone() -> None:
    """A report from before the revocation is no word on what is there after it."""
    stage = Stage("rules: {r: {where: lobby, then: {grant: dj}}}")
    assert stage.enter(ALICE, LOBBY) == [("r", "grant")]
    assert stage.at(1).roles(ALICE, DJ) == []
    assert stage.at(2).leave(ALICE) == [("r", "revoke")]
    assert stage.at(3).enter(ALICE, LOBBY) == [("r", "grant")]
    assert stage.at(4).roles(ALICE) == []
    assert stage.at(5).leave(ALICE) == [("r", "revoke")]
    guild = stage.engine.guild(GUILD)
    assert guild is not None
    assert guild.members == {}


def test_an_audience_that_was_released_is_remembered_as_such() -> None:
    """The same report after the next join is as old as it was before."""
    stage = Stage(
        """
        rules:
          listen: {where: stage, unless: {who: {roles: dj}}, then: {suppress: true}}
        """
    )
    assert stage.enter(ALICE, STAGE) == [("listen", "suppress")]
    assert stage.at(1).enter(ALICE, STAGE, suppressed=True) == []
    assert stage.at(2).roles(ALICE, DJ) == [("listen", "unsuppress")]
    assert stage.at(3).step(voice(ALICE, None, suppressed=True)) == []
    stage.at(4).roles(ALICE)
    assert stage.at(5).enter(ALICE, STAGE, suppressed=True) == [("listen", "suppress")]


def test_what_is_held_hides_what_is_reported() -> None:
    """While a lease is on it, a report is our own doing or will be undone."""
    stage = Stage("rules: {r: {where: lobby, then: {grant: dj}}}")
    stage.enter(ALICE, LOBBY)
    for roles in ((DJ,), (), (DJ,)):
        assert stage.at(stage.now + 1).roles(ALICE, *roles) == []
        assert DJ in stage.member(ALICE).roles
    assert stage.at(9).enter(ALICE, MUSIC) == [("r", "revoke")]
    assert DJ not in stage.member(ALICE).roles
    assert stage.at(10).roles(ALICE, DJ) == []
    assert DJ not in stage.member(ALICE).roles


def test_a_flag_that_no_rule_asks_for_has_nobody_decided() -> None:
    """It is remembered all the same, for a revision with a rule that does."""
    stage = Stage("rules: {one: {where: lobby, when: {state: {camera: true}}, then: {mute: true}}}")
    stage.enter(ALICE, LOBBY)
    step = stage.engine.step([voice(ALICE, LOBBY, self_deaf=True)], stage.instant(1))
    assert (step.touched, stage.member(ALICE).self_deaf) == ((), True)
    assert stage.at(2).enter(ALICE, LOBBY, self_deaf=True, camera=True) == [("one", "mute")]
    assert stage.at(3).enter(ALICE, LOBBY, self_deaf=True) == [("one", "unmute")]
    asking = "rules: {two: {unless: {when: {state: {self_deaf: false}}}, then: {deafen: true}}}"
    assert stage.at(4).activate(asking) == [("two", "deafen")]
    assert stage.at(5).enter(ALICE, LOBBY) == [("two", "undeafen")]
