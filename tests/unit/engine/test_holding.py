"""Which step an episode takes: that of its number, counted when it begins."""

import pytest

from tests.support.stage import ALICE, BOB, DJ, LOBBY, MUSIC, Stage

THREE = """
rules:
  r: {where: lobby, escalate: {forget_after: 10m, steps: [{warn: a}, {timeout: 1m}, {mute: true}]}}
"""


def episode(stage: Stage, began: float, length: float = 1) -> list[tuple[str, str]]:
    """Into the lobby and out of it again."""
    decided = stage.at(began).enter(ALICE, LOBBY)
    stage.at(began + length).enter(ALICE, MUSIC)
    return decided


def test_the_nth_episode_takes_the_nth_step() -> None:
    """And the last one from then on."""
    stage = Stage(THREE)
    decided = [episode(stage, second) for second in (0, 10, 20, 30, 40)]
    assert decided == [
        [("r", "warn")],
        [("r", "timeout")],
        [("r", "mute")],
        [("r", "mute")],
        [("r", "mute")],
    ]


@pytest.mark.parametrize(("second", "effect"), [(599, "timeout"), (600, "warn"), (601, "warn")])
def test_an_episode_counts_for_less_than_the_time(second: int, effect: str) -> None:
    """From its last decision on; exactly that long ago it is forgotten."""
    stage = Stage(THREE)
    episode(stage, 0)
    assert episode(stage, second) == [("r", effect)]


def test_of_several_those_that_are_recent_count() -> None:
    """One is forgotten, the other is not."""
    stage = Stage(THREE)
    episode(stage, 0)
    episode(stage, 300)
    assert episode(stage, 700) == [("r", "timeout")]


def test_it_is_counted_from_the_last_decision_of_an_episode() -> None:
    """Not from its beginning or its end."""
    text = THREE.replace("{warn: a}", "{warn: a, deafen: true}")
    stage = Stage(text)
    stage.enter(ALICE, LOBBY, guild_deaf=True)
    assert stage.at(400).enter(ALICE, LOBBY) == [("r", "deafen")]
    stage.at(500).enter(ALICE, MUSIC)
    assert episode(stage, 999) == [("r", "timeout")]
    stage = Stage(text)
    stage.enter(ALICE, LOBBY, guild_deaf=True)
    stage.at(400).enter(ALICE, LOBBY)
    stage.at(500).enter(ALICE, MUSIC)
    assert episode(stage, 1000) == [("r", "deafen"), ("r", "warn")]


def test_episodes_in_which_nothing_is_decided_do_not_count() -> None:
    """Behind an allow, for example."""
    stage = Stage(THREE.replace("rules:", "rules:\n  a: {who: {roles: dj}, then: {allow: true}}"))
    stage.roles(ALICE, DJ)
    assert [episode(stage, second) for second in (0, 10, 20)] == [[], [], []]
    stage.at(30).roles(ALICE)
    assert episode(stage, 40) == [("r", "warn")]


def test_the_step_does_not_change_while_the_episode_goes_on() -> None:
    """Whatever is forgotten meanwhile."""
    stage = Stage(THREE.replace("rules:", "rules:\n  a: {who: {roles: dj}, then: {allow: true}}"))
    episode(stage, 0)
    stage.at(10).roles(ALICE, DJ)
    assert stage.at(11).enter(ALICE, LOBBY) == []
    assert stage.at(5000).roles(ALICE) == [("r", "timeout")]


def test_each_member_has_a_count_of_their_own() -> None:
    """And each rule."""
    stage = Stage(THREE)
    episode(stage, 0)
    assert stage.at(10).enter(BOB, LOBBY) == [("r", "warn")]
    stage.at(20).activate(THREE.replace("  r:", "  other:"))
    assert stage.at(21).enter(BOB, LOBBY, guild_deaf=True) == []
    assert [each.effect.value for each in stage.decisions if each.rule == "other"] == ["warn"]


def test_a_rule_of_another_text_goes_on_counting() -> None:
    """It is known by its name, as in the log."""
    stage = Stage(THREE)
    episode(stage, 0)
    stage.at(10).activate(THREE.replace("{warn: a}", "{warn: b}"))
    assert episode(stage, 20) == [("r", "timeout")]


def test_leaving_and_coming_back_is_another_episode() -> None:
    """Over visits the count goes on."""
    stage = Stage(THREE)
    assert stage.enter(ALICE, LOBBY) == [("r", "warn")]
    stage.at(1).leave(ALICE)
    assert stage.at(2).enter(ALICE, LOBBY) == [("r", "timeout")]
