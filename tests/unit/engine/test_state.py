from uuid import uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.stage import (
    AFK,
    ALICE,
    BOB,
    CATEGORY,
    DJ,
    GUILD,
    LOBBY,
    STAFF,
    Stage,
    make_index,
    voice,
)
from voxguard.engine.compile import observe_only
from voxguard.engine.memory import remember
from voxguard.engine.naming import NAMESPACE, make_id
from voxguard.engine.reported import stands
from voxguard.engine.restart import end_placed, restore_guilds
from voxguard.engine.state import episode_ids, new_episode_id
from voxguard.model.decisions import Effect, Mode
from voxguard.model.events import GuildVanished, MemberRemoved
from voxguard.model.visits import EndReason

QUIET = "rules: {quiet: {where: lobby, then: {mute: true}}}"
LIMIT = "rules: {limit: {where: lobby, for: 1h, then: {move: afk}}}"


def test_only_a_release_has_something_to_undo() -> None:
    """Whether an effect stands is asked of what would end it."""
    stage = Stage(QUIET)
    stage.enter(ALICE, LOBBY)
    member = stage.member(ALICE)
    assert stands(member, Effect.UNMUTE, None)
    assert not stands(member, Effect.UNDEAFEN, None)
    assert not stands(member, Effect.UNSUPPRESS, None)
    assert not stands(member, Effect.REVOKE, DJ)
    assert not stands(member, Effect.MUTE, None)
    stage.roles(ALICE, DJ)
    assert stands(member, Effect.REVOKE, DJ)
    assert not stands(member, Effect.REVOKE, STAFF)


@given(st.lists(st.integers() | st.text(), max_size=4))
def test_an_id_is_a_name_based_uuid(parts: list[int | str]) -> None:
    """The one that the standard library makes of the same name."""
    assert make_id(*parts) == uuid5(NAMESPACE, "/".join(map(str, parts)))


def test_an_episode_is_that_of_a_rule_that_holds() -> None:
    """A rule that only matches so far has none, and asking for it is a mistake."""
    stage = Stage(LIMIT)
    stage.enter(ALICE, LOBBY)
    member = stage.member(ALICE)
    assert episode_ids(member) == set()
    with pytest.raises(LookupError, match="limit does not hold"):
        member.episode("limit")
    stage.at(3600).step()
    began_at = member.episode("limit").began_at
    assert episode_ids(member) == {new_episode_id(member, "limit", began_at)}


def test_a_removed_members_timer_concerns_nobody() -> None:
    """What was due of somebody who is no member any more is not."""
    stage = Stage(LIMIT)
    stage.enter(ALICE, LOBBY)
    stage.at(1).step(MemberRemoved(GUILD, ALICE))
    assert stage.at(7200).step() == []


def test_somebody_absent_is_not_put_out_by_an_outage() -> None:
    """A member who is only remembered has no visit to lose."""
    stage = Stage(QUIET)
    stage.enter(ALICE, LOBBY)
    stage.enter(BOB, AFK)
    stage.at(1).enter(ALICE, LOBBY, guild_mute=True)
    stage.at(2).step(voice(ALICE, None, guild_mute=True))
    ended = len(stage.visits)
    stage.at(3).step(GuildVanished(GUILD))
    assert [visit.user_id for visit in stage.visits[ended:]] == [BOB]


def test_an_index_can_be_made_to_observe_only() -> None:
    """Every rule is there as before, and none is enforced."""
    index = make_index(QUIET)
    observing = observe_only(index)
    rules = [rule for guild in observing.guilds.values() for rule in guild.rules]
    assert [(rule.name, rule.mode) for rule in rules] == [("quiet", Mode.OBSERVE)]
    assert observing.revision == index.revision


def test_a_placement_that_no_report_has_shown_ends_its_visit() -> None:
    """Who is found there after a restart has come back; others go on as they were."""
    stage = Stage("rules: {out: {where: lobby, then: {disconnect: true}}}")
    stage.enter(ALICE, LOBBY)
    stage.enter(BOB, AFK)
    guild = stage.engine.guild(GUILD)
    assert guild is not None
    memories = [(GUILD, user, remember(member)) for user, member in guild.members.items()]
    guilds, _ = restore_guilds(memories, stage.instant(5), stage.instant(10))
    end_placed(guilds[GUILD], stage.instant(5))
    (visit,) = guilds[GUILD].visits
    assert (visit.user_id, visit.end_reason) == (ALICE, EndReason.VOXGUARD)
    assert visit.left_at == stage.instant(5)
    assert guilds[GUILD].members[BOB].visit is not None


def test_whoever_is_away_has_only_stays_that_are_over() -> None:
    """With what their channels are now."""
    rules = "rules: {r: {when: {time_used: {min: 1h, per: day}}, then: {mute: true}}}"
    stage = Stage(rules)
    stage.enter(ALICE, LOBBY)
    stage.at(10).enter(ALICE, AFK)
    both = list(stage.member(ALICE).stays(stage.instant(0)))
    assert [(each.channel_id, each.left_at) for each in both] == [
        (LOBBY, stage.instant(10)),
        (AFK, None),
    ]
    assert both[0].category_id == CATEGORY
    stage.at(20).leave(ALICE)
    past = list(stage.member(ALICE).stays(stage.instant(10)))
    assert [(each.channel_id, each.left_at) for each in past] == [(AFK, stage.instant(20))]
