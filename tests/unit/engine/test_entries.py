"""Who entered which channel lately: what is remembered of it, and for how long."""

from tests.support.restart import restarted
from tests.support.stage import AFK, ALICE, BOB, CAROL, LOBBY, MUSIC, OUTSIDE, Stage

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


def test_entries_of_a_channel_outlast_those_elsewhere() -> None:
    """After a restart, too, who has hopped on since then has come once."""
    text = "rules: {raid: {when: {channel_entries: {min: 2, within: 60s}}, then: {mute: true}}}"
    stage = Stage(text)
    for second, channel in enumerate((LOBBY, MUSIC, AFK, OUTSIDE)):
        stage.at(second).enter(ALICE, channel)
    assert restarted(stage.at(9)) == []
    assert stage.at(10).enter(BOB, LOBBY) == [("raid", "mute")]
