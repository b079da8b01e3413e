from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tests.support.stage import ALICE, BOB, DJ, GUILD, LOBBY, MUSIC, START, Stage
from voxguard.engine.history import MOST_STAYS, Act
from voxguard.engine.recollection import Past
from voxguard.engine.usage import PastStay
from voxguard.model.ids import RoleId
from voxguard.model.world import Member

USED = """
rules:
  enough: {where: music, when: {time_used: {min: 1h, per: 24h}}, then: {mute: true}}
"""
LOUD = """
rules:
  loud:
    where: music
    escalate: {steps: [{mute: true}, {deafen: true}, {disconnect: true}], forget_after: 1d}
"""
ENTRIES = """
rules:
  hops: {when: {entries: {min: 3, within: 1h}}, then: {mute: true}}
  rush: {when: {channel_entries: {min: 4, within: 1h}}, then: {deafen: true}}
"""


def ago(**span: float) -> datetime:
    """So long before the start."""
    return START - timedelta(**span)


def stay(begin: float, end: float) -> PastStay:
    """A stay in the music channel, in minutes before the start."""
    return PastStay(MUSIC, ago(minutes=begin), ago(minutes=end))


def recall(stage: Stage, *pasts: Past) -> list[tuple[str, str]]:
    """Give the engine pasts; what is decided upon them."""
    stage.engine.recollect(GUILD, pasts, stage.instant())
    return stage.step()


def test_used_time_of_former_days_counts() -> None:
    """Whoever was there for an hour before this run is muted as if it had been in it."""
    stage = Stage(USED)
    assert stage.enter(ALICE, MUSIC) == []
    assert recall(stage, Past(ALICE, stays=(stay(100, 20),))) == [("enough", "mute")]


def test_used_time_does_not_match_before_it_is_known() -> None:
    """Not even by what is known already; and what looks back no further does not wait."""
    stage = Stage(
        USED
        + "  short: {where: music, when: {time_used: {min: 1m, per: 2m}}, then: {deafen: true}}"
    )
    stage.engine.know_stays(GUILD, ago(minutes=30))
    stage.enter(ALICE, MUSIC)
    assert stage.at(60).step() == [("short", "deafen")]
    assert stage.at(3601).step() == []
    stage.engine.know_stays(GUILD, None)
    assert stage.step() == [("enough", "mute")]


def test_what_is_known_of_stays_is_kept_for_a_guild_that_is_not_there_yet() -> None:
    """Whoever is found first is decided by it; an unavailable guild decides nobody."""
    stage = Stage(USED, appear=False)
    stage.engine.know_stays(GUILD, START)
    stage.engine.activate(stage.engine.index, START)
    stage.step(stage.snapshot())
    guild = stage.engine.guild(GUILD)
    assert guild is not None
    known = [guild.around.stays_from]
    guild.available = False
    stage.step()
    stage.engine.know_stays(GUILD, None)
    assert [*known, guild.around.stays_from] == [START, None]
    assert not stage.engine.unfinished


def test_escalation_goes_on_where_it_was() -> None:
    """Episodes of before count one step each, the same one never twice."""
    stage = Stage(LOUD)
    past = Past(ALICE, acts={"enforce:loud": (Act(ago(hours=2), ago(hours=1)),)})
    assert recall(stage, past) == []
    assert recall(stage, past) == []
    assert stage.enter(ALICE, MUSIC) == [("loud", "deafen")]
    stage.at(10).leave(ALICE)
    known = stage.member(ALICE).history.acts["enforce:loud"]
    overlapping = Act(START - timedelta(seconds=1), START + timedelta(seconds=1))
    recall(stage, Past(ALICE, acts={"enforce:loud": (overlapping,)}))
    assert len(stage.member(ALICE).history.acts["enforce:loud"]) == len(known) == 2
    earlier = tuple(Act(ago(hours=n), ago(hours=n)) for n in range(9, 3, -1))
    recall(stage, Past(ALICE, acts={"enforce:loud": earlier, "enforce:gone": earlier}))
    acts = stage.member(ALICE).history.acts
    assert [act.began_at for act in acts["enforce:loud"]] == [ago(hours=4), ago(hours=2), START]
    assert "enforce:gone" not in acts


def test_entries_of_former_days_count() -> None:
    """The member's own and everybody's into a channel, each once."""
    stage = Stage(ENTRIES)
    stage.enter(ALICE, LOBBY)
    known = (START, LOBBY)
    past = Past(ALICE, entries=((ago(minutes=20), LOBBY), (ago(minutes=10), MUSIC), known))
    assert recall(stage, past, past) == [("hops", "mute")]
    bobs = Past(BOB, entries=((ago(minutes=30), LOBBY), (ago(minutes=29), LOBBY)))
    assert recall(stage, bobs) == [("rush", "deafen")]
    history = stage.member(ALICE).history
    assert list(history.entries) == [ago(minutes=20), ago(minutes=10), START]
    assert list(history.entries_of[LOBBY]) == [ago(minutes=20), START]


def test_what_no_rule_asks_for_is_not_taken_up() -> None:
    """Nobody is remembered for what is of no use, and entries of other kinds are left out."""
    stage = Stage(LOUD)
    recall(
        stage,
        Past(BOB, stays=(stay(100, 20),), entries=((ago(minutes=1), LOBBY),)),
        Past(ALICE, acts={"enforce:loud": (Act(ago(days=3), ago(days=2)),)}),
    )
    guild = stage.engine.guild(GUILD)
    assert guild is not None
    assert guild.members == {}


def test_a_guild_without_rules_takes_up_nothing() -> None:
    """Between two revisions a guild may have lost its scope."""
    stage = Stage("rules: {}")
    stage.engine.activate(type(stage.engine.index)("none"), stage.instant())
    assert recall(stage, Past(ALICE, stays=(stay(9, 8),))) == []


def test_who_is_away_is_remembered_as_the_guild_knows_them() -> None:
    """Their roles are those that Discord has told, so that their memory goes when it is over."""
    stage = Stage(USED, members=[Member(ALICE, frozenset({DJ, RoleId(99)}), bot=True)])
    recall(stage, Past(ALICE, stays=(stay(100, 20),)))
    member = stage.member(ALICE)
    assert DJ in member.roles
    assert member.bot
    assert member.own_roles == member.reported_roles


def test_stays_are_in_order_and_do_not_overlap() -> None:
    """An end that nobody saw gives way to the beginning of the next stay, the present one too."""
    stage = Stage(USED)
    stage.enter(ALICE, MUSIC)
    present = PastStay(MUSIC, START, START + timedelta(hours=1))
    last = PastStay(MUSIC, ago(minutes=5), START + timedelta(hours=1))
    recall(stage, Past(ALICE, stays=(stay(90, 50), stay(60, 40), last, present)))
    assert list(stage.member(ALICE).history.stays) == [stay(90, 60), stay(60, 40), stay(5, 0)]


minutes = st.integers(0, 600)
stays = st.lists(st.tuples(minutes, minutes).map(lambda s: stay(max(s), min(s))), max_size=12)


@given(st.lists(stays, min_size=1, max_size=4))
def test_however_it_is_read_the_same_is_known(pages: list[list[PastStay]]) -> None:
    """Reading again changes nothing, and nobody was in two places at once."""
    stage = Stage(USED)
    for page in pages:
        recall(stage, Past(ALICE, stays=tuple(page)))
    guild = stage.engine.guild(GUILD)
    assert guild is not None
    if ALICE not in guild.members:
        return
    once = list(guild.members[ALICE].history.stays)
    assert all(a.left_at <= b.joined_at for a, b in pairwise(once))
    for page in pages:
        recall(stage, Past(ALICE, stays=tuple(page)))
    again = list(guild.members[ALICE].history.stays)
    assert [each.joined_at for each in again] == sorted({each.joined_at for each in again})
    assert all(a.left_at <= b.joined_at for a, b in pairwise(again))


def test_no_more_stays_are_kept_than_of_anybody() -> None:
    """A past of any length costs no more than one that was watched."""
    stage = Stage(USED)
    many = tuple(
        PastStay(MUSIC, ago(seconds=2 * n + 1), ago(seconds=2 * n)) for n in range(MOST_STAYS + 9)
    )
    recall(stage, Past(ALICE, stays=many))
    kept = stage.member(ALICE).history.stays
    assert len(kept) == MOST_STAYS
    assert kept[-1].left_at == START
