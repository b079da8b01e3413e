"""The past of a member on its way to disk and back."""

import json
from collections import deque
from datetime import timedelta

from tests.support.restart import restarted
from tests.support.stage import ALICE, BOB, LOBBY, MUSIC, OUTSIDE, START, Stage
from voxguard.engine.history import Act, History
from voxguard.engine.history_memory import recall_history, remember_history
from voxguard.engine.usage import PastStay

SECOND = timedelta(seconds=1)


def test_nothing_takes_no_space() -> None:
    """A member without a past has an empty one."""
    assert remember_history(History()) == {}
    assert recall_history({}) == History()


def test_every_part_comes_back_as_it_was() -> None:
    """Through JSON, with the instants to the microsecond."""
    fine = START + timedelta(microseconds=7)
    history = History(
        entries=deque([START, fine]),
        entries_of={LOBBY: deque([START]), MUSIC: deque([fine])},
        stays=deque([PastStay(LOBBY, START, fine), PastStay(MUSIC, fine, fine + SECOND)]),
        acts={"enforce:r": deque([Act(START, fine)]), "observe:r": deque([Act(fine, fine)])},
    )
    assert recall_history(json.loads(json.dumps(remember_history(history)))) == history


RULES = """
rules:
  a-hop: {when: {entries: {min: 3, within: 1m}}, then: {warn: hop}}
  b-raid: {where: lobby, when: {channel_entries: {min: 3, within: 1m}}, then: {warn: raid}}
  c-used: {where: music, when: {time_used: {min: 30s, per: day}}, then: {warn: used}}
  d-cool: {where: outside, cooldown: 5m, then: {timeout: 1m}}
  e-steps: {where: outside, escalate: {forget_after: 10m, steps: [{mute: true}, {deafen: true}]}}
"""


def test_a_restart_forgets_nothing_of_it() -> None:
    """Entries, used time, cooldowns and counts go on where they were."""
    plain, killed = Stage(RULES), Stage(RULES)
    for stage in (plain, killed):
        for second, channel in enumerate((LOBBY, MUSIC, None, OUTSIDE, None, LOBBY, None, MUSIC)):
            stage.at(second * 5).enter(ALICE, channel)
            stage.enter(BOB, channel)
            if stage is killed:
                assert restarted(stage.at(second * 5 + 1)) == []
        stage.at(50).enter(ALICE, OUTSIDE)
        stage.at(100).step()
    assert plain.decisions == killed.decisions
    assert {each.rule for each in plain.decisions} == {
        *("a-hop", "b-raid", "c-used", "d-cool", "e-steps")
    }


def test_a_restart_while_somebody_is_held_and_away() -> None:
    """The hold runs out when it would have."""
    stage = Stage("rules: {timed: {where: lobby, then: {mute: true, hold: 10m}}}")
    assert stage.enter(ALICE, LOBBY) == [("timed", "mute")]
    stage.at(60).leave(ALICE)
    assert restarted(stage.at(61)) == []
    assert stage.wake_in == 600
    assert stage.at(600).step() == [("timed", "unmute")]
    assert stage.decisions[-1].channel_id is None
