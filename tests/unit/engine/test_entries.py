"""Who entered which channel lately: what is remembered of it, and for how long."""

from tests.support.stage import ALICE, BOB, CAROL, LOBBY, MUSIC, Stage

SHORT_AND_LONG = """
rules:
  long: {where: lobby, when: {channel_entries: {min: 2, within: 60s}}, then: {deafen: true}}
  short: {where: lobby, when: {channel_entries: {min: 2, within: 30s}}, then: {mute: true}}
"""


def test_a_late_step_looks_back_from_when_it_was_due() -> None:
    """What is forgotten of somebody who is away changes nothing that fell due before."""
    stage = Stage(SHORT_AND_LONG)
    stage.enter(ALICE, LOBBY)
    stage.at(5).enter(BOB, LOBBY)
    stage.at(6).enter(CAROL, MUSIC)
    stage.at(7).leave(CAROL)
    before = len(stage.decisions)
    stage.at(200).step()
    ended = [(each.rule, each.user_id, each.decided_at) for each in stage.decisions[before:]]
    assert ended == [
        ("short", ALICE, stage.instant(30)),
        ("short", BOB, stage.instant(30)),
        ("long", ALICE, stage.instant(60)),
        ("long", BOB, stage.instant(60)),
    ]
