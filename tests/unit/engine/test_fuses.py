"""Fuses: a rule that acts on too many members at once only observes until somebody looks."""

from datetime import timedelta

import pytest

from tests.support.stage import ALICE, GUILD, LOBBY, MUSIC, Stage, users, voice
from voxguard.engine.fuses import Fuses
from voxguard.engine.index import IndexedRule
from voxguard.model.decisions import Mode

TWO = "fuse: {members: 2, within: 30s}"
QUIET = f"rules: {{quiet: {{where: lobby, limits: {{{TWO}}}, then: {{mute: true}}}}}}"


def fuses_of(stage: Stage) -> Fuses:
    """The fuses of the only guild."""
    guild = stage.engine.guild(GUILD)
    assert guild is not None
    return guild.fuses


def modes(stage: Stage) -> list[tuple[str, Mode, bool]]:
    """What has been decided, as (effect, mode, fused)."""
    return [(each.effect.value, each.mode, each.fused) for each in stage.decisions]


ACTS = ("mute", Mode.ENFORCE, False)
WATCHES = ("mute", Mode.OBSERVE, True)


def test_it_lets_so_many_members_through_and_trips_on_the_next() -> None:
    """The one too many is not acted upon but observed, and marked as such."""
    stage = Stage(QUIET, fuses=True)
    for second, user in enumerate(users(4), 1):
        stage.at(second).enter(user, LOBBY)
    assert modes(stage) == [ACTS, ACTS, WATCHES, WATCHES]
    assert fuses_of(stage).blown == {"quiet": stage.instant(3)}
    assert not stage.member(users(4)[2]).guild_mute


@pytest.mark.parametrize(("second", "last"), [(29, WATCHES), (30, ACTS), (31, ACTS)])
def test_a_member_counts_for_exactly_the_length_of_the_window(
    second: int, last: tuple[str, Mode, bool]
) -> None:
    """One second before its end the first member still counts, at its end no longer."""
    stage = Stage(QUIET, fuses=True)
    first, other, next_one = users(3)
    stage.at(0.5).enter(first, LOBBY)
    stage.at(20.5).enter(other, LOBBY)
    stage.at(second + 0.5).enter(next_one, LOBBY)
    assert modes(stage) == [ACTS, ACTS, last]


def test_the_same_member_counts_once() -> None:
    """Different members are counted, and of each the last time."""
    stage = Stage(QUIET, fuses=True)
    first, other, next_one = users(3)
    for second in range(0, 50, 10):
        stage.at(second + 0.5).enter(first, LOBBY)
        stage.at(second + 5.5).enter(first, MUSIC)
    stage.at(41.5).enter(other, LOBBY)
    assert fuses_of(stage).blown == {}
    # The last time was 40.5, so that at 70.4 it still counts.
    stage.at(70.4).enter(next_one, LOBBY)
    assert fuses_of(stage).blown == {"quiet": stage.instant(70.4)}


def test_several_effects_of_one_decision_count_once() -> None:
    """A rule that mutes and deafens has acted on one member."""
    text = f"rules: {{r: {{limits: {{{TWO}}}, then: {{mute: true, deafen: true, warn: x}}}}}}"
    stage = Stage(text, fuses=True)
    for second, user in enumerate(users(3), 1):
        stage.at(second + 0.5).enter(user, LOBBY)
    assert [each.fused for each in stage.decisions] == [False] * 6 + [True] * 3


def test_a_rules_own_fuse_goes_before_the_guilds() -> None:
    """And each rule has one of its own, whatever its size comes from."""
    text = f"""
    rules:
      one: {{where: lobby, limits: {{{TWO}}}, then: {{mute: true}}}}
      guilds: {{where: lobby, then: {{deafen: true}}}}
      never: {{where: lobby, limits: {{fuse: off}}, then: {{warn: x}}}}
    """
    stage = Stage(text, guild="limits: {fuse: {members: 3, within: 1m}}", fuses=True)
    for second, user in enumerate(users(5), 1):
        stage.at(second + 0.5).enter(user, LOBBY)
    assert fuses_of(stage).blown == {"one": stage.instant(3.5), "guilds": stage.instant(4.5)}
    assert [each.rule for each in stage.decisions if not each.fused].count("never") == 5


@pytest.mark.parametrize("guild", ["", "limits: {actions: {max: 5, within: 1s}}"])
def test_without_a_word_it_is_twenty_five_members(guild: str) -> None:
    """In thirty seconds."""
    text = "rules: {quiet: {where: lobby, then: {mute: true}}}"
    stage = Stage(text, guild=guild, fuses=True)
    for number, user in enumerate(users(26), 1):
        stage.at(number).enter(user, LOBBY)
    assert [each.fused for each in stage.decisions] == [False] * 25 + [True]


def test_off_is_no_fuse() -> None:
    """For the whole guild."""
    text = "rules: {quiet: {where: lobby, then: {mute: true}}}"
    stage = Stage(text, guild="limits: {fuse: off}", fuses=True)
    stage.at(0.5).step(*(voice(user, LOBBY) for user in users(100)))
    assert not any(each.fused for each in stage.decisions)


def test_only_the_daemon_has_fuses() -> None:
    """Simulations and tests act on everybody."""
    stage = Stage(QUIET)
    stage.at(0.5).step(*(voice(user, LOBBY) for user in users(100)))
    assert not any(each.fused for each in stage.decisions)


def test_what_is_only_observed_blows_no_fuse() -> None:
    """Nobody is acted upon."""
    stage = Stage(QUIET, guild="mode: observe", fuses=True)
    stage.at(0.5).step(*(voice(user, LOBBY) for user in users(10)))
    assert fuses_of(stage).blown == {}
    assert not any(each.fused for each in stage.decisions)


def test_releases_are_not_counted() -> None:
    """They undo what was counted when it was done."""
    text = f"""
    rules:
      quiet: {{where: lobby, limits: {{{TWO}}}, then: {{mute: true}}}}
      hold: {{where: music, limits: {{{TWO}}}, then: {{deafen: true, hold: 5s}}}}
    """
    stage = Stage(text, fuses=True)
    for second, user in enumerate(users(6)):
        stage.at(second * 20 + 0.5).enter(user, LOBBY)
    stage.at(200.5).step(*(voice(user, MUSIC) for user in users(2)))
    stage.at(200.7).step(*(voice(user, None) for user in users(6)))
    assert fuses_of(stage).blown == {}
    stage.at(300).step()
    assert not any(each.fused for each in stage.decisions)


def test_reset_makes_it_whole() -> None:
    """It acts again, and counts from nothing; only a blown one can be reset."""
    stage = Stage(QUIET, fuses=True)
    some = users(6)
    for second, user in enumerate(some[:3], 1):
        stage.at(second + 0.5).enter(user, LOBBY)
    assert fuses_of(stage).reset("quiet")
    assert not fuses_of(stage).reset("quiet")
    assert not fuses_of(stage).reset("no-such-rule")
    for second, user in enumerate(some[3:], 5):
        stage.at(second + 0.5).enter(user, LOBBY)
    assert modes(stage)[3:] == [ACTS, ACTS, WATCHES]


def test_whom_it_observed_is_acted_upon_after_a_reset() -> None:
    """When they are decided next."""
    stage = Stage(QUIET, fuses=True)
    *_, third = users(3)
    for second, user in enumerate(users(3), 1):
        stage.at(second + 0.5).enter(user, LOBBY)
    fuses_of(stage).reset("quiet")
    assert stage.at(9.5).enter(third, LOBBY, guild_deaf=True) == [
        ("quiet", "unmute"),
        ("quiet", "mute"),
    ]
    assert modes(stage)[-2:] == [("unmute", Mode.OBSERVE, False), ACTS]


def test_another_text_makes_it_whole_and_the_same_one_does_not() -> None:
    """A revision that leaves the rule as it is leaves its fuse as it is."""
    stage = Stage(QUIET, fuses=True)
    some = users(5)
    for second, user in enumerate(some[:3], 1):
        stage.at(second + 0.5).enter(user, LOBBY)
    stage.at(4.5).activate(QUIET)
    stage.at(5.5).enter(some[3], LOBBY)
    assert modes(stage) == [ACTS, ACTS, WATCHES, WATCHES]
    stage.at(6.5).activate(QUIET.replace("where: lobby", "where: lobby, description: other"))
    assert fuses_of(stage).blown == {}
    stage.at(7.5).enter(some[4], LOBBY)
    assert modes(stage)[-1] == ACTS


def test_a_guild_that_does_without_fuses_has_none_that_is_blown() -> None:
    """The rule's text is the same, but its fuse is gone."""
    text = "rules: {quiet: {where: lobby, then: {mute: true}}}"
    stage = Stage(text, guild="limits: {fuse: {members: 2, within: 30s}}", fuses=True)
    for second, user in enumerate(users(3), 1):
        stage.at(second + 0.5).enter(user, LOBBY)
    stage.at(4.5).activate(text, guild="limits: {fuse: {members: 3, within: 30s}}")
    assert set(fuses_of(stage).blown) == {"quiet"}
    stage.at(5.5).activate(text, guild="limits: {fuse: off}")
    assert fuses_of(stage).blown == {}


def test_only_who_still_counts_is_kept() -> None:
    """Whatever any rule does, the members of all rules whose time is over are forgotten."""
    text = f"""
    rules:
      one: {{where: lobby, limits: {{{TWO}}}, then: {{mute: true}}}}
      two: {{where: music, limits: {{{TWO}}}, then: {{mute: true}}}}
    """
    stage = Stage(text, fuses=True)
    first, other, last, next_one = users(4)
    stage.at(0.5).enter(first, LOBBY)
    stage.at(20.5).enter(other, LOBBY)
    stage.at(35.5).enter(last, MUSIC)
    assert {name: set(each.members) for name, each in fuses_of(stage).counters.items()} == {
        "one": {other},
        "two": {last},
    }
    stage.at(70.5).enter(next_one, MUSIC)
    assert set(fuses_of(stage).counters) == {"two"}


def test_a_removed_rule_has_no_fuse() -> None:
    """One that comes back is whole."""
    stage = Stage(QUIET, fuses=True)
    for second, user in enumerate(users(3), 1):
        stage.at(second + 0.5).enter(user, LOBBY)
    stage.at(4.5).activate("rules: {}")
    assert fuses_of(stage).blown == {}


def test_a_fuse_is_asked_of_a_rule_that_has_one() -> None:
    """One that has none acts on everybody."""
    free = Stage(QUIET.replace(TWO, "fuse: off")).engine.index.guilds[GUILD].by_name["quiet"]
    assert not Fuses(active=True).counts(free)
    assert all(Fuses().admits(free, user, Stage(QUIET).instant()) for user in users(50))
    index = Stage(QUIET).engine.index.guilds[GUILD]
    rule: IndexedRule = index.by_name["quiet"]
    assert rule.fuse is not None
    assert rule.fuse.within == timedelta(seconds=30)
    fuses = Fuses(active=True)
    assert fuses.counts(rule)
    assert not Fuses().counts(rule)
    assert all(fuses.admits(rule, user, Stage(QUIET).instant()) for user in users(2))
    assert fuses.observing("quiet") is None
    assert not fuses.admits(rule, ALICE, Stage(QUIET).instant())
    observing = fuses.observing("quiet")
    assert observing is not None
    assert (observing.mode, observing.fused) == (Mode.OBSERVE, True)
