"""`existing: spare`: whom a rule leaves alone, in which visit, and from when on no longer."""

import pytest

from tests.support.stage import AFK, ALICE, BOB, GUILD, LOBBY, MUSIC, Stage, voice
from voxguard.engine.index import EMPTY_INDEX, RuleIndex
from voxguard.engine.memory import recall, remember
from voxguard.model.events import GuildVanished
from voxguard.model.world import VoiceState

SPARING = "rules: {quiet: {existing: spare, where: [lobby, music], then: {mute: true}}}"
SPARING_FOR = """
rules:
  limit:
    existing: spare
    where: [lobby, music]
    for: {time: 1h, across_channels: true}
    then: {move: afk}
"""


def test_who_was_there_when_the_rule_became_active_is_left_alone() -> None:
    """Whatever they do in that visit; the next channel that they enter counts."""
    stage = Stage("rules: {}")
    stage.enter(ALICE, LOBBY)
    assert stage.at(5).activate(SPARING) == []
    assert stage.at(6).enter(ALICE, LOBBY, guild_deaf=True) == []
    assert stage.at(7).enter(ALICE, MUSIC) == [("quiet", "mute")]


def test_for_begins_with_the_next_channel() -> None:
    """The time in the spared visit is none of it, across channels neither."""
    stage = Stage(SPARING_FOR, voice=[VoiceState(ALICE, LOBBY)])
    assert stage.at(3599).step() == []
    stage.at(3600).enter(ALICE, MUSIC)
    assert stage.wake_in == 7200
    assert stage.at(7199).step() == []
    assert stage.at(7200).step() == [("limit", "move")]


def test_a_rejoin_ends_sparing_even_in_the_same_instant() -> None:
    """Leaving ends the visit; a channel that is only passed through does not."""
    stage = Stage(SPARING, voice=[VoiceState(ALICE, LOBBY), VoiceState(BOB, LOBBY)])
    assert stage.at(1).step(voice(ALICE, MUSIC), voice(ALICE, LOBBY)) == []
    assert stage.at(2).step(voice(BOB, None), voice(BOB, LOBBY)) == [("quiet", "mute")]


def test_only_the_first_snapshot_spares() -> None:
    """Whom a later one finds has come while the rule was active."""
    stage = Stage(SPARING, voice=[VoiceState(ALICE, LOBBY)])
    assert stage.decisions == []
    both = stage.snapshot(voice=[VoiceState(ALICE, LOBBY), VoiceState(BOB, LOBBY)])
    assert stage.at(1).step(both) == [("quiet", "mute")]
    assert stage.decisions[-1].user_id == BOB
    stage.at(2).step(GuildVanished(GUILD))
    assert stage.at(3).step(both) == [("quiet", "mute"), ("quiet", "mute")]


def test_a_rule_of_another_text_becomes_active_anew() -> None:
    """Who is there when it changes is spared, and released from what the old text held."""
    stage = Stage(SPARING)
    assert stage.enter(ALICE, LOBBY) == [("quiet", "mute")]
    changed = SPARING.replace("then:", "description: why, then:")
    assert stage.at(1).activate(changed) == [("quiet", "unmute")]
    assert stage.at(2).enter(ALICE, MUSIC) == [("quiet", "mute")]
    assert stage.at(3).activate(changed) == []


@pytest.mark.parametrize("before", [EMPTY_INDEX, RuleIndex("others")], ids=["none", "others"])
def test_who_was_there_before_the_guild_had_rules_is_spared(before: RuleIndex) -> None:
    """Nobody has watched them come, but they were there."""
    stage = Stage("rules: {}")
    stage.engine.activate(before, stage.instant())
    stage.enter(ALICE, LOBBY)
    stage.enter(BOB, AFK)
    assert stage.at(5).activate(SPARING) == []
    assert stage.at(6).enter(BOB, LOBBY) == [("quiet", "mute")]
    assert stage.at(7).enter(ALICE, MUSIC) == [("quiet", "mute")]


def test_who_enters_as_the_rule_becomes_active_is_not_spared() -> None:
    """Events of the instant come before its decisions."""
    stage = Stage("rules: {}")
    stage.engine.activate(RuleIndex("others"), stage.instant())
    stage.enter(ALICE, LOBBY)
    spare_later = Stage(SPARING)
    stage.at(5).engine.activate(spare_later.engine.index, stage.instant())
    assert stage.step(voice(ALICE, MUSIC)) == [("quiet", "mute")]


def test_whom_a_visit_spares_is_remembered() -> None:
    """A restart does not end sparing."""
    stage = Stage("rules: {}")
    stage.enter(ALICE, LOBBY)
    stage.at(5).activate(SPARING)
    assert recall(GUILD, ALICE, remember(stage.member(ALICE))).judged == frozenset()
    stage.at(6).enter(ALICE, MUSIC)
    member = stage.member(ALICE)
    assert member.judged == stage.engine.index.guilds[GUILD].sparing
    assert recall(GUILD, ALICE, remember(member)).judged == member.judged
