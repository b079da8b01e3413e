from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from tests.support.stage import ALICE, BOB, DJ, GUILD, LOBBY, MUSIC, STAGE, START, Stage, voice
from voxguard.engine.recalled_leases import PastLease
from voxguard.engine.recollection import Past
from voxguard.model.decisions import Effect
from voxguard.model.ids import RoleId
from voxguard.model.world import Member

RULES = """
rules:
  quiet: {where: music, then: {mute: true}}
  later: {where: lobby, then: {mute: true, hold: 1h}}
  plays: {where: music, then: {grant: dj}}
"""
EPISODE = UUID(int=7)


def lease(effect: Effect = Effect.MUTE, rule: str = "quiet", **more: object) -> PastLease:
    """What a rule held ten minutes before the start."""
    values = {"channel_id": MUSIC, "role_id": None, "step": 0, **more}
    at = START - timedelta(minutes=10)
    return PastLease(rule, effect, EPISODE, at, **values)  # type: ignore[arg-type]  # of a dict


def recall(stage: Stage, *leases: PastLease) -> list[tuple[str, str]]:
    """Have alice's leases taken up; what is decided upon it."""
    stage.engine.recollect(GUILD, [Past(ALICE, leases=leases)], stage.instant())
    return stage.step()


def muted(**flags: bool) -> Stage:
    """Alice is found in the lobby's neighbour, muted by nobody knows whom."""
    state = voice(ALICE, MUSIC, guild_mute=True, **flags).state
    return Stage(RULES, voice=[state])


def test_a_mute_of_a_former_run_ends_with_its_rule() -> None:
    """What looked like a moderator's hand was ours, and is lifted when the rule holds no more."""
    stage = muted()
    assert stage.decisions[0].effect is Effect.GRANT
    assert recall(stage, lease()) == []
    assert stage.at(1).enter(ALICE, STAGE) == [("quiet", "unmute"), ("plays", "revoke")]


def test_a_mute_whose_rule_holds_no_more_is_lifted_at_once() -> None:
    """A rule that is gone, or does not match, holds nothing."""
    for rule in ("gone", "later"):
        stage = Stage(RULES, voice=[voice(ALICE, STAGE, guild_mute=True).state])
        assert recall(stage, lease(rule=rule, step=None)) == [(rule, "unmute")]


def test_what_is_held_for_a_time_is_held_for_the_rest_of_it() -> None:
    """A hold runs from when it was decided, over the loss of everything."""
    stage = Stage(RULES, voice=[voice(ALICE, STAGE, guild_mute=True).state])
    assert recall(stage, lease(rule="later")) == []
    assert stage.wake_in == 3000
    assert stage.at(3000).step() == [("later", "unmute")]


def test_a_step_that_is_there_no_more_has_no_hold() -> None:
    """Rules may have become shorter."""
    stage = Stage(RULES, voice=[voice(ALICE, STAGE, guild_mute=True).state])
    assert recall(stage, lease(rule="later", step=3)) == [("later", "unmute")]


def test_who_is_away_is_released_all_the_same() -> None:
    """The release waits for them; nothing of theirs is forgotten before."""
    stage = Stage(RULES)
    assert recall(stage, lease(), lease(Effect.DEAFEN), lease(Effect.GRANT, role_id=DJ)) == [
        ("quiet", "undeafen"),
        ("quiet", "unmute"),
        ("quiet", "revoke"),
    ]
    member = stage.member(ALICE)
    assert not member.guild_mute
    assert member.reported_mute
    assert stage.enter(ALICE, STAGE, guild_mute=True) == []


def test_a_role_that_is_known_to_be_gone_is_not_taken_away() -> None:
    """Where Discord has told a member's roles, those count, and deleted ones are nobody's."""
    stage = Stage(RULES, members=[Member(ALICE, frozenset())])
    assert recall(stage, lease(Effect.GRANT, role_id=DJ)) == []
    stage = Stage(RULES, members=[Member(ALICE, frozenset({DJ}))])
    guild = stage.engine.guild(GUILD)
    assert guild is not None
    guild.deleted_roles.add(RoleId(77))
    assert recall(stage, lease(Effect.GRANT, role_id=RoleId(77))) == []
    assert recall(stage, lease(Effect.GRANT, role_id=DJ)) == [("quiet", "revoke")]


def test_what_is_not_in_place_any_more_is_not_taken_up() -> None:
    """Whoever was unmuted meanwhile is left as they are."""
    stage = Stage(RULES, voice=[voice(ALICE, STAGE).state])
    assert recall(stage, lease()) == []
    assert stage.member(ALICE).enforced.leases == {}


def test_what_this_run_has_begun_goes_on() -> None:
    """The log of before says nothing about what was decided since."""
    stage = Stage(RULES)
    stage.enter(ALICE, MUSIC)
    before = dict(stage.member(ALICE).enforced.leases["mute"])  # type: ignore[index]  # its name
    assert recall(stage, lease(rule="gone")) == []
    assert stage.member(ALICE).enforced.leases["mute"] == before  # type: ignore[index]  # as above


SUPPRESS: Callable[[], PastLease] = lambda: lease(Effect.SUPPRESS, channel_id=STAGE)  # noqa: E731


@pytest.mark.parametrize(("where", "expected"), [(STAGE, [("quiet", "unsuppress")]), (LOBBY, [])])
def test_the_audience_is_that_of_one_stage(where: int, expected: list[tuple[str, str]]) -> None:
    """Who is still on it is let speak again; whoever went elsewhere or away is in no audience."""
    stage = Stage(
        "rules: {}",
        voice=[voice(ALICE, where, suppressed=True).state],  # type: ignore[arg-type]  # a channel
    )
    assert recall(stage, SUPPRESS()) == expected
    away = Stage("rules: {}")
    assert recall(away, SUPPRESS()) == []
    guild = away.engine.guild(GUILD)
    assert guild is not None
    assert BOB not in guild.members
