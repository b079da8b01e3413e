"""Who entered which channel lately: what is remembered of it, and for how long."""

from datetime import datetime, timedelta

from tests.support.restart import restarted
from tests.support.stage import (
    AFK,
    ALICE,
    BOB,
    CAROL,
    GUILD,
    LOBBY,
    MUSIC,
    OUTSIDE,
    START,
    Stage,
    voice,
)
from voxguard.engine.entries import ChannelEntries
from voxguard.engine.lookback import NOTHING, Lookback
from voxguard.model.events import GuildVanished, MemberChanged, VoiceStateChanged
from voxguard.model.world import Member, VoiceState
from voxguard.policy.recent import Recent

MANY = Recent(2, timedelta(seconds=30))
TWICE = Lookback(channel_entries=2, entries_for=timedelta(seconds=30), rushes=frozenset({MANY}))

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


def at(second: int) -> datetime:
    """So long after the start."""
    return START + timedelta(seconds=second)


def test_of_each_channel_as_many_are_kept_as_are_asked_for() -> None:
    """The latest; nothing where nobody asks."""
    entries = ChannelEntries(TWICE)
    for second in range(4):
        entries.note(LOBBY, at(second))
    entries.note(MUSIC, at(9))
    assert [entries.entry_at(LOBBY, number) for number in (1, 2, 3)] == [at(3), at(2), None]
    assert [entries.entry_at(MUSIC, number) for number in (1, 2)] == [at(9), None]
    assert entries.entry_at(AFK, 1) is None
    nobody_asks = ChannelEntries()
    nobody_asks.note(LOBBY, START)
    assert nobody_asks.entry_at(LOBBY, 1) is None
    assert nobody_asks.turned(START) == []


def test_channels_into_which_many_come_are_named_when_they_have() -> None:
    """Once: not before there are enough, and not while there are more and more of them."""
    entries = ChannelEntries(TWICE)
    entries.note(LOBBY, START)
    assert entries.turned(START) == []
    entries.note(LOBBY, at(29))
    entries.note(LOBBY, at(29))
    assert entries.turned(at(29)) == [LOBBY]
    assert entries.turned(at(29)) == []
    entries.note(LOBBY, at(50))
    assert entries.turned(at(50)) == []
    # Thirty seconds after all but the last of them there are too few, and then enough anew.
    entries.note(LOBBY, at(90))
    assert entries.turned(at(90)) == []
    entries.note(LOBBY, at(119))
    assert entries.turned(at(119)) == [LOBBY]


def test_what_is_remembered_of_members_is_put_together() -> None:
    """In whatever order it comes; nobody has entered anew by that."""
    entries = ChannelEntries()
    entries.note(AFK, START)
    entries.recall([(at(7), LOBBY), (at(2), LOBBY), (at(5), MUSIC), (at(3), LOBBY)], TWICE)
    assert [entries.entry_at(LOBBY, number) for number in (1, 2, 3)] == [at(7), at(3), None]
    assert entries.entry_at(MUSIC, 1) == at(5)
    assert entries.entry_at(AFK, 1) is None
    assert entries.turned(at(7)) == []
    entries.recall([(at(7), LOBBY)], NOTHING)
    assert entries.entry_at(LOBBY, 1) is None


def test_a_channel_is_forgotten_when_nothing_of_it_counts() -> None:
    """At exactly the end of the last entry's time."""
    for second, known in ((29, True), (30, False)):
        entries = ChannelEntries(TWICE)
        entries.note(LOBBY, START)
        entries.prune(at(second))
        assert (entries.entry_at(LOBBY, 1) is not None) is known


ENTRIES = """
rules:
  mine: {priority: 1, when: {entries: {min: 2, within: 60s}}, then: {mute: true}}
  all: {priority: 2, when: {channel_entries: {min: 2, within: 60s}}, then: {deafen: true}}
"""


def test_what_the_program_has_moved_has_not_entered() -> None:
    """Neither for the member nor for the channel."""
    stage = Stage(ENTRIES)
    stage.enter(ALICE, LOBBY)
    stage.at(1).enter(BOB, MUSIC)
    moved = VoiceStateChanged(GUILD, VoiceState(ALICE, MUSIC), is_ours=True)
    assert stage.at(2).step(moved) == []
    assert stage.at(3).enter(ALICE, LOBBY) == [("mine", "mute"), ("all", "deafen")]


def test_bots_enter_like_everybody() -> None:
    """They are not acted upon, but they count."""
    stage = Stage(ENTRIES, members=[Member(CAROL, bot=True)])
    stage.enter(CAROL, LOBBY)
    assert stage.at(1).enter(ALICE, LOBBY) == [("all", "deafen")]
    assert stage.decisions[-1].user_id == ALICE


def test_who_is_found_has_not_entered() -> None:
    """By the first snapshot, by a later one, or after an outage."""
    stage = Stage(ENTRIES, voice=[VoiceState(ALICE, LOBBY), VoiceState(BOB, LOBBY)])
    moved = stage.snapshot(voice=[VoiceState(ALICE, MUSIC), VoiceState(BOB, MUSIC)])
    assert stage.at(1).step(moved) == []
    assert stage.at(2).step(GuildVanished(GUILD)) == []
    assert stage.at(3).step(moved) == []
    assert stage.at(4).enter(ALICE, LOBBY) == []


def test_flags_and_roles_are_no_entries() -> None:
    """Only another channel, or one after being out of voice."""
    stage = Stage(ENTRIES)
    stage.enter(ALICE, LOBBY)
    for flags in ({"guild_deaf": True}, {"suppressed": True}, {}):
        assert stage.at(1).enter(ALICE, LOBBY, **flags) == []
    assert stage.at(2).step(MemberChanged(GUILD, Member(ALICE))) == []
    assert stage.at(3).step(voice(ALICE, None), voice(ALICE, LOBBY)) == [
        ("mine", "mute"),
        ("all", "deafen"),
    ]


def test_those_who_are_there_are_decided_when_others_come() -> None:
    """And the engine wakes up for when it is quiet again."""
    stage = Stage(ENTRIES)
    stage.enter(ALICE, LOBBY)
    assert stage.at(10).enter(BOB, LOBBY) == [("all", "deafen"), ("all", "deafen")]
    assert stage.wake_in == 60
    assert stage.at(60).step() == [("all", "undeafen"), ("all", "undeafen")]


def test_a_revision_that_asks_for_more_begins_with_what_is_known() -> None:
    """Entries of before nobody asked for them are not known."""
    stage = Stage("rules: {}")
    stage.enter(ALICE, LOBBY)
    assert stage.at(1).activate(ENTRIES) == []
    assert stage.at(2).enter(BOB, LOBBY) == []
    wider = ENTRIES.replace(
        "min: 2, within: 60s}}, then: {deafen", "min: 3, within: 90s}}, then: {deafen"
    )
    assert stage.at(3).activate(wider) == []
    assert stage.at(4).enter(CAROL, LOBBY) == []
    assert stage.at(5).enter(ALICE, MUSIC) == []
    assert stage.at(6).enter(ALICE, LOBBY)[0] == ("mine", "mute")
    assert {each.rule for each in stage.decisions} == {"mine", "all"}
