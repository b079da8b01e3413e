"""How what a rule holds begins, goes on and ends; holds to the second."""

import pytest

from tests.support.stage import (
    AFK,
    ALICE,
    BOB,
    DJ,
    GUILD,
    LOBBY,
    MUSIC,
    OUTSIDE,
    STAGE,
    Stage,
)
from voxguard.model.decisions import Effect, Mode
from voxguard.model.events import EnforcementFailed, MemberRemoved

TIMED = "rules: {timed: {where: lobby, then: {mute: true, hold: 10m}}}"


@pytest.mark.parametrize(
    ("left", "released"), [(1, 600), (599, 600), (600, 600), (601, 601), (900, 900)]
)
def test_a_hold_is_at_least_so_long(left: int, released: int) -> None:
    """Whoever leaves the channel before its end is released at its end, later at once."""
    stage = Stage(TIMED)
    assert stage.enter(ALICE, LOBBY) == [("timed", "mute")]
    stage.at(left).enter(ALICE, MUSIC)
    stage.at(1000).step()
    (_, release) = stage.decisions
    assert (release.effect, release.decided_at) == (Effect.UNMUTE, stage.instant(released))


def test_the_engine_wakes_up_for_the_end_of_a_hold() -> None:
    """And for nothing else, whether the member is there or not."""
    stage = Stage(TIMED)
    stage.enter(ALICE, LOBBY)
    stage.enter(BOB, LOBBY)
    stage.at(10).enter(ALICE, MUSIC)
    stage.at(20).leave(BOB)
    assert stage.wake_in == 600
    assert stage.at(600).step() == [("timed", "unmute"), ("timed", "unmute")]
    assert [each.channel_id for each in stage.decisions[-2:]] == [MUSIC, None]
    assert stage.wake_in is None


def test_each_episode_holds_anew() -> None:
    """From when it takes the lease up; it makes no decision of it."""
    stage = Stage(TIMED)
    stage.enter(ALICE, LOBBY)
    stage.at(100).enter(ALICE, MUSIC)
    assert stage.at(599).enter(ALICE, LOBBY) == []
    assert stage.at(600).step() == []
    stage.at(601).enter(ALICE, MUSIC)
    assert stage.at(1198).step() == []
    assert stage.at(1199).step() == [("timed", "unmute")]


def test_a_hold_ends_with_its_rule() -> None:
    """What a rule that is gone, off or only observes holds is released at once."""
    for text in (
        "rules: {}",
        TIMED.replace("{where", "{mode: 'off', where"),
        TIMED.replace("{where", "{mode: observe, where"),
    ):
        stage = Stage(TIMED)
        stage.enter(ALICE, LOBBY)
        stage.at(10).enter(ALICE, MUSIC)
        assert stage.at(11).activate(text) == [("timed", "unmute")]
        assert stage.decisions[-1].mode is Mode.ENFORCE
        assert stage.wake_in is None


def test_a_hold_of_a_rule_that_is_gone_ends_while_the_member_is_away() -> None:
    """There is a decision for it, with no channel."""
    stage = Stage(TIMED)
    stage.enter(ALICE, LOBBY)
    stage.at(10).leave(ALICE)
    assert stage.at(11).activate("rules: {}") == [("timed", "unmute")]
    assert stage.decisions[-1].channel_id is None


def test_a_hold_of_a_changed_rule_goes_on() -> None:
    """A rule of that name is there, in that mode."""
    stage = Stage(TIMED)
    stage.enter(ALICE, LOBBY)
    stage.at(10).enter(ALICE, MUSIC)
    assert stage.at(11).activate(TIMED.replace("where", "description: why, where")) == []
    assert stage.at(600).step() == [("timed", "unmute")]


def test_an_observed_hold_outlasts_leaving_too() -> None:
    """It is kept in its own layer, and changes no fact."""
    stage = Stage(TIMED.replace("{where", "{mode: observe, where"))
    assert stage.enter(ALICE, LOBBY) == [("timed", "mute")]
    assert not stage.member(ALICE).guild_mute
    stage.at(10).leave(ALICE)
    assert stage.at(600).step() == [("timed", "unmute")]
    assert {each.mode for each in stage.decisions} == {Mode.OBSERVE}


def test_the_last_to_end_is_named() -> None:
    """Of several that end at one instant, the last in order; else the one that ended last."""
    stage = Stage(
        """
        rules:
          a: {priority: 1, where: [lobby, music], then: {mute: true}}
          b: {priority: 2, where: [lobby, music, afk], then: {mute: true}}
          c: {priority: 3, where: lobby, then: {mute: true}}
        """
    )
    assert stage.enter(ALICE, LOBBY) == [("a", "mute")]
    assert stage.at(1).enter(ALICE, AFK) == []
    assert stage.at(2).enter(ALICE, OUTSIDE) == [("b", "unmute")]
    assert stage.at(3).enter(BOB, LOBBY) == [("a", "mute")]
    assert stage.at(4).enter(BOB, OUTSIDE) == [("c", "unmute")]


def test_roles_are_held_one_by_one() -> None:
    """Each has its own leases, and ends by itself."""
    stage = Stage(
        """
        rules:
          a: {where: [lobby, music], then: {grant: [staff, dj]}}
          b: {where: [music, afk], then: {grant: dj}}
        """
    )
    assert stage.enter(ALICE, LOBBY) == [("a", "grant"), ("a", "grant")]
    assert [each.params for each in stage.decisions] == [{"role": "11"}, {"role": "12"}]
    assert stage.at(1).enter(ALICE, MUSIC) == []
    assert stage.at(2).enter(ALICE, AFK) == [("a", "revoke")]
    assert stage.decisions[-1].params == {"role": "11"}
    assert stage.member(ALICE).roles >= {DJ}
    assert stage.at(3).leave(ALICE) == [("b", "revoke")]
    assert stage.decisions[-1].params == {"role": "12"}


def test_a_lease_that_is_taken_up_anew_lasts_as_long_as_it_did() -> None:
    """At least: a later step without a hold, or with a shorter one, ends no earlier."""
    text = (
        "rules: {{r: {{where: lobby,"
        " escalate: {{forget_after: 1h, steps: [{{mute: true, hold: 10m}}, {}]}}}}}}"
    )
    for second in ("{mute: true}", "{mute: true, hold: 10s}"):
        stage = Stage(text.format(second))
        assert stage.enter(ALICE, LOBBY) == [("r", "mute")]
        stage.at(1).enter(ALICE, MUSIC)
        assert stage.at(2).enter(ALICE, LOBBY) == []
        assert stage.at(3).enter(ALICE, MUSIC) == []
        assert stage.at(599).step() == []
        assert stage.at(600).step() == [("r", "unmute")]
    stage = Stage(text.format("{mute: true, hold: 20m}"))
    stage.enter(ALICE, LOBBY)
    stage.at(1).enter(ALICE, MUSIC)
    stage.at(2).enter(ALICE, LOBBY)
    stage.at(3).enter(ALICE, MUSIC)
    assert stage.wake_in == 1202


def test_who_is_removed_is_held_no_more() -> None:
    """Nothing is decided, then or at the end of a hold."""
    stage = Stage(TIMED)
    stage.enter(ALICE, LOBBY)
    stage.at(10).step(MemberRemoved(GUILD, ALICE))
    assert stage.at(600).step() == []
    assert len(stage.decisions) == 1


def test_what_does_not_stand_is_not_released() -> None:
    """A mute that Discord has refused, and for which nothing else has come."""
    stage = Stage(TIMED)
    stage.enter(ALICE, LOBBY)
    stage.at(1).step(EnforcementFailed(GUILD, ALICE, Effect.MUTE))
    assert stage.at(2).enter(ALICE, MUSIC) == []
    assert stage.at(600).step() == []
    assert stage.at(601).enter(ALICE, LOBBY) == [("timed", "mute")]


@pytest.mark.parametrize("hold", ["", ", hold: 1h"])
def test_an_audience_ends_with_its_visit(hold: str) -> None:
    """Without a word, and whatever it was held for; with its rule it is released."""
    text = f"rules: {{r: {{who: {{roles: {{none: dj}}}}, then: {{suppress: true{hold}}}}}}}"
    stage = Stage(text)
    assert stage.enter(ALICE, STAGE) == [("r", "suppress")]
    assert stage.at(1).enter(ALICE, LOBBY) == []
    assert not stage.member(ALICE).suppressed
    assert stage.at(2).enter(ALICE, STAGE) == [("r", "suppress")]
    assert stage.at(3).leave(ALICE) == []
    assert stage.at(4).enter(ALICE, STAGE) == [("r", "suppress")]
    released = [("r", "unsuppress")]
    assert stage.at(5).roles(ALICE, DJ) == ([] if hold else released)
    assert stage.at(3604).step() == (released if hold else [])
