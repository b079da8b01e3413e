"""What becomes of decisions: echoes, failures, and how visits ended."""

from tests.support.stage import (
    AFK,
    ALICE,
    BOB,
    GUILD,
    LOBBY,
    MUSIC,
    OUTSIDE,
    Stage,
)
from voxguard.model.decisions import Effect
from voxguard.model.events import EnforcementFailed, VoiceStateChanged
from voxguard.model.visits import EndReason
from voxguard.model.world import VoiceState

QUIET = "rules: {quiet: {where: lobby, then: {mute: true}}}"
EVERYWHERE = "rules: {r: {then: {mute: true}}}"


def test_a_failed_placement_lets_the_member_be_muted_after_all() -> None:
    """The bar on new mutes falls with the placement."""
    stage = Stage(
        """
        rules:
          out: {where: lobby, then: {disconnect: true}}
          quiet: {where: lobby, then: {mute: true, deafen: true}}
        """
    )
    assert stage.enter(ALICE, LOBBY) == [("out", "disconnect")]
    failed = EnforcementFailed(GUILD, ALICE, Effect.DISCONNECT)
    assert stage.at(1).step(failed) == [("quiet", "deafen"), ("quiet", "mute")]


def test_a_failed_mute_is_not_taken_for_done() -> None:
    """Its lease stays, nothing is decided again, and nothing needs to be released."""
    stage = Stage("rules: {quiet: {where: lobby, then: {mute: true, deafen: true}}}")
    stage.enter(ALICE, LOBBY)
    assert stage.at(1).step(EnforcementFailed(GUILD, ALICE, Effect.MUTE)) == []
    assert stage.at(1).step(EnforcementFailed(GUILD, ALICE, Effect.DEAFEN)) == []
    assert not stage.member(ALICE).guild_mute
    assert stage.at(2).enter(ALICE, AFK) == []
    assert stage.at(3).step(EnforcementFailed(GUILD, BOB, Effect.MUTE)) == []


def test_our_own_echo_is_nobodys_hand() -> None:
    """While a lease is on it a report does not count, and a repeated one never does."""
    stage = Stage(QUIET)
    stage.enter(ALICE, LOBBY)
    assert stage.at(1).enter(ALICE, LOBBY, guild_mute=True) == []
    assert stage.at(2).enter(ALICE, AFK, guild_mute=True) == [("quiet", "unmute")]
    assert stage.at(3).enter(ALICE, LOBBY, guild_mute=True) == [("quiet", "mute")]


def test_visits_say_where_and_how_they_ended() -> None:
    """Moves, leaves and our own placements are told apart."""
    stage = Stage(
        """
        rules:
          away: {where: music, then: {move: afk}}
          out: {where: outside, then: {disconnect: true}}
        """
    )
    stage.at(1).enter(ALICE, LOBBY)
    stage.at(2).enter(ALICE, MUSIC)
    stage.at(3).step(VoiceStateChanged(GUILD, VoiceState(ALICE, AFK), is_ours=True))
    stage.at(4).enter(ALICE, OUTSIDE)
    stage.at(5).step(VoiceStateChanged(GUILD, VoiceState(ALICE, None), is_ours=True))
    ended = [
        (v.channel_id, v.joined_at, v.left_at, v.end_reason) for v in stage.visits if v.left_at
    ]
    assert ended == [
        (LOBBY, stage.instant(1), stage.instant(2), EndReason.MOVED),
        (MUSIC, stage.instant(2), stage.instant(3), EndReason.VOXGUARD),
        (AFK, stage.instant(3), stage.instant(4), EndReason.MOVED),
        (OUTSIDE, stage.instant(4), stage.instant(5), EndReason.VOXGUARD),
    ]


def test_a_placement_that_is_only_decided_explains_nothing() -> None:
    """Who goes before they were sent has moved, or left, by themselves."""
    stage = Stage("rules: {away: {where: music, then: {move: afk}}}")
    stage.enter(ALICE, MUSIC)
    stage.at(1).enter(ALICE, LOBBY)
    stage.at(2).enter(ALICE, MUSIC)
    stage.at(3).leave(ALICE)
    reasons = [visit.end_reason for visit in stage.visits if visit.left_at]
    assert reasons == [EndReason.MOVED, EndReason.MOVED, EndReason.LEFT]
