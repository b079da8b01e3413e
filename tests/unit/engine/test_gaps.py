from dataclasses import replace
from datetime import datetime

from tests.support.stage import ALICE, BOB, CAROL, GUILD, LOBBY, MUSIC, Stage
from voxguard.model.events import GuildVanished
from voxguard.model.ids import UserId
from voxguard.model.visits import EndReason
from voxguard.model.world import VoiceState

QUIET = "rules: {quiet: {where: lobby, then: {mute: true}}}"
LIMIT = """
rules: {limit: {where: lobby, when: {time_used: {min: 1h, per: day}}, then: {warn: used}}}
"""


def ends(stage: Stage) -> dict[UserId, tuple[datetime, EndReason]]:
    """When and why each member's visit has ended."""
    return {
        visit.user_id: (visit.left_at, visit.end_reason)
        for visit in stage.visits
        if visit.left_at is not None and visit.end_reason is not None
    }


def test_who_is_lost_in_a_gap_was_last_seen_before_it() -> None:
    """Gone or elsewhere, their visits end at its beginning, and not before they began."""
    stage = Stage(QUIET)
    stage.enter(ALICE, LOBBY)
    stage.enter(BOB, LOBBY)
    stage.at(30).enter(CAROL, MUSIC)
    snapshot = stage.snapshot(voice=[VoiceState(BOB, MUSIC)])
    stage.at(7200).step(replace(snapshot, watched_at=stage.instant(20)))
    assert ends(stage) == {
        ALICE: (stage.instant(20), EndReason.LOST),
        BOB: (stage.instant(20), EndReason.LOST),
        CAROL: (stage.instant(30), EndReason.LOST),
    }
    assert [v.joined_at for v in stage.visits if v.left_at is None][-1] == stage.instant(7200)


def test_the_time_in_a_gap_is_not_used_time() -> None:
    """Nearly an hour without a connection is not nearly an hour in the channel."""
    stage = Stage(LIMIT)
    stage.enter(ALICE, LOBBY)
    stage.at(3500).step(replace(stage.snapshot(), watched_at=stage.instant(60)))
    stage.enter(ALICE, LOBBY)
    assert stage.at(3700).step() == []
    assert stage.at(3500 + 3540).step() == [("limit", "warn")]


def test_without_a_gap_the_snapshot_is_the_end() -> None:
    """An instant that is ahead of the snapshot, as of another clock, is none."""
    stage = Stage(QUIET)
    stage.enter(ALICE, LOBBY)
    stage.at(60).step(replace(stage.snapshot(), watched_at=stage.instant(90)))
    assert ends(stage) == {ALICE: (stage.instant(60), EndReason.LOST)}


def test_a_guild_that_vanished_in_a_gap() -> None:
    """Its visits end when it was last watched, its releases now."""
    stage = Stage(QUIET)
    stage.enter(ALICE, LOBBY)
    decided = stage.at(60).step(GuildVanished(GUILD, stage.instant(20)))
    assert decided == [("quiet", "unmute")]
    assert stage.decisions[-1].decided_at == stage.instant(60)
    assert ends(stage) == {ALICE: (stage.instant(20), EndReason.LOST)}
