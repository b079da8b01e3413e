"""How many people are in a channel, and whom a change of that concerns."""

import pytest

from tests.support.stage import (
    AFK,
    ALICE,
    BOB,
    CAROL,
    GUILD,
    LOBBY,
    MUSIC,
    STAFF,
    Stage,
    make_index,
    voice,
)
from voxguard.engine.engine import Engine
from voxguard.engine.memory import remember
from voxguard.engine.occupancy import Occupancy
from voxguard.engine.restart import restore_guilds
from voxguard.model.events import (
    ChannelDeleted,
    Event,
    GuildVanished,
    MemberChanged,
    MemberRemoved,
)
from voxguard.model.ids import ChannelId, UserId
from voxguard.model.world import Member, VoiceState

ALONE = "rules: {alone: {where: {occupancy: {max: 1}}, for: 10s, then: {move: afk}}}"
HOPPERS = "rules: {hoppers: {when: {entries: {min: 9, within: 10s}}, then: {timeout: 1m}}}"
CROWD = "rules: {crowd: {where: {channels: lobby, occupancy: {min: 2}}, then: {mute: true}}}"
MUTED = [("crowd", "mute"), ("crowd", "mute")]
RELEASED = [("crowd", "unmute")]


def counted(stage: Stage) -> dict[ChannelId, int]:
    """The counts that the engine keeps of the guild."""
    tables = stage.engine.guild(GUILD)
    assert tables is not None
    return dict(tables.occupancy.humans)


def crowded() -> Stage:
    """Two people in the lobby since the start."""
    stage = Stage(CROWD)
    assert stage.step(voice(ALICE, LOBBY), voice(BOB, LOBBY)) == MUTED
    return stage


def test_who_comes_changes_it_for_who_is_there() -> None:
    """The rule begins for both of them when the second one comes."""
    stage = Stage(CROWD)
    assert stage.enter(ALICE, LOBBY) == []
    assert stage.at(1).enter(BOB, LOBBY) == MUTED
    assert stage.at(2).enter(CAROL, LOBBY) == [("crowd", "mute")]


@pytest.mark.parametrize(
    ("event", "releases"),
    [
        (voice(BOB, None), 2),
        (voice(BOB, MUSIC), 2),
        (MemberRemoved(GUILD, BOB), 1),
        (MemberChanged(GUILD, Member(BOB, bot=True)), 2),
        (ChannelDeleted(GUILD, LOBBY), 2),
        (GuildVanished(GUILD), 2),
    ],
)
def test_whoever_ceases_to_count_changes_it_too(event: Event, releases: int) -> None:
    """Leaving, moving, being removed, turning out to be a bot, and all who leave at once."""
    assert crowded().at(1).step(event) == RELEASED * releases


def test_another_snapshot_says_who_is_there() -> None:
    """Who is gone from it, or has come, makes the difference at that instant."""
    stage = crowded()
    assert stage.at(1).step(stage.snapshot(voice=[VoiceState(ALICE, LOBBY)])) == RELEASED * 2
    both = stage.snapshot(voice=[VoiceState(ALICE, LOBBY), VoiceState(CAROL, LOBBY)])
    assert stage.at(2).step(both) == MUTED


def test_bots_do_not_count_and_exempt_people_do() -> None:
    """Somebody with only a bot is alone; somebody with an exempt member is not."""
    stage = Stage(ALONE, guild="exempt: {who: {roles: staff}}")
    stage.step(MemberChanged(GUILD, Member(BOB, bot=True)), voice(ALICE, LOBBY), voice(BOB, LOBBY))
    assert stage.member(ALICE).occupancy == 1
    assert stage.wake_in == 10
    staff = MemberChanged(GUILD, Member(CAROL, frozenset([STAFF])))
    assert stage.at(5).step(staff, voice(CAROL, LOBBY)) == []
    assert stage.engine.wake_at is None
    assert stage.at(6).leave(CAROL) == []
    assert stage.at(15).step() == []
    assert stage.at(16).step() == [("alone", "move")]


def test_passing_through_makes_no_difference() -> None:
    """Only who is there when all of an instant has happened counts, and `for` runs on."""
    stage = Stage(ALONE)
    stage.enter(ALICE, LOBBY)
    stage.at(5).step(voice(BOB, LOBBY), voice(BOB, MUSIC))
    assert stage.at(10).step() == [("alone", "move")]
    swapped = crowded()
    assert swapped.at(1).step(voice(BOB, None), voice(CAROL, LOBBY)) == [
        ("crowd", "unmute"),
        ("crowd", "mute"),
    ]
    assert [decision.user_id for decision in swapped.decisions[2:]] == [BOB, CAROL]


def test_only_those_are_looked_at_whom_it_concerns() -> None:
    """Neither in other channels nor where no rule counts people."""
    rules = CROWD[:-1] + ", other: {where: music, then: {deafen: true}}}"
    for policy, where, touched in ((rules, MUSIC, 1), (rules, LOBBY, 2), (ALONE, MUSIC, 2)):
        stage = Stage(policy)
        stage.step(voice(ALICE, where), voice(CAROL, AFK))
        step = stage.engine.step([voice(BOB, where)], stage.instant(1))
        assert len(step.touched) == touched


def test_a_restart_counts_anew() -> None:
    """Memories are counted when the guild is seen again, not before."""
    stage = crowded()
    tables = stage.engine.guild(GUILD)
    assert tables is not None
    memories = [(GUILD, user, remember(member)) for user, member in tables.members.items()]
    again = Stage(CROWD, appear=False)
    guilds, _ = restore_guilds(memories, stage.instant(), stage.instant(1))
    again.engine.restore(guilds[GUILD])
    assert guilds[GUILD].occupancy.humans == {}
    muted = [VoiceState(user, LOBBY, guild_mute=True) for user in (ALICE, BOB)]
    assert again.at(1).step(again.snapshot(voice=muted)) == []
    assert guilds[GUILD].occupancy.humans == {LOBBY: 2}
    assert again.at(2).leave(BOB) == RELEASED * 2


def test_a_new_revision_finds_the_counts() -> None:
    """People are counted as soon as a rule asks for it, and no longer than one does."""
    stage = Stage("rules: {}")
    stage.step(voice(ALICE, LOBBY), voice(BOB, LOBBY))
    assert counted(stage) == {}
    assert stage.activate(CROWD) == MUTED
    assert stage.at(1).enter(CAROL, LOBBY) == [("crowd", "mute")]
    assert stage.activate("rules: {other: {then: {deafen: true}}}")[-1] == ("other", "deafen")
    assert counted(stage) == {}
    assert [each.details["occupancy"] for each in stage.decisions][:2] == [2, 2]
    assert [each.details["occupancy"] for each in stage.decisions][-1] is None
    assert stage.at(2).leave(CAROL) == [("other", "undeafen")]
    assert stage.activate(CROWD)[-1] == ("crowd", "mute")
    assert counted(stage) == {LOBBY: 2}


def test_a_counter_says_which_channels_have_turned() -> None:
    """Since it was last asked, and only where a number was reached or left that matters."""
    counts = Occupancy()
    crowds = {1, 3}
    one, other = ChannelId(1), ChannelId(2)
    counts.place(UserId(1), one, bot=False)
    counts.place(UserId(2), one, bot=True)
    assert counts.turned(crowds) == [one]
    assert counts.turned(crowds) == []
    assert sorted(counts.present(one)) == [1, 2]
    counts.place(UserId(1), other, bot=False)
    counts.place(UserId(1), one, bot=False)
    counts.place(UserId(2), None, bot=True)
    assert counts.turned(crowds) == []
    counts.place(UserId(3), one, bot=False)
    assert counts.turned(crowds) == []
    counts.place(UserId(3), None, bot=False)
    counts.place(UserId(1), None, bot=False)
    assert counts.turned(crowds) == [one]
    assert (counts.humans, list(counts.present(one))) == ({}, [])


def test_nobody_is_decided_by_counts_before_the_guild_is_seen() -> None:
    """What falls due meanwhile, such as a past that ends, has nobody there looked at.

    Who owns the guild, and who is still there, only its next snapshot says.
    """
    stage = Stage(HOPPERS)
    stage.step(voice(ALICE, LOBBY), voice(BOB, LOBBY), voice(CAROL, LOBBY))
    stage.leave(CAROL)
    memories = [(GUILD, user, remember(stage.member(user))) for user in (ALICE, BOB, CAROL)]
    restored, _ = restore_guilds(memories, stage.instant(), stage.instant(30))
    engine = Engine()
    engine.restore(restored[GUILD])
    both = HOPPERS.removesuffix("}") + "," + CROWD.removeprefix("rules: {")
    engine.activate(make_index(both), stage.instant(30))
    stage.engine = engine
    assert stage.at(60).step() == []
    there = [VoiceState(ALICE, LOBBY), VoiceState(BOB, LOBBY)]
    assert stage.step(stage.snapshot(voice=there)) == MUTED
