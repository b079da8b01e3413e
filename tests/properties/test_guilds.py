"""Guilds have nothing to do with each other."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.properties.random_rules import policies
from tests.properties.worlds import Life, end_of, lives, stage_for
from tests.support.stage import GUILD, START, make_index
from voxguard.engine.engine import Engine
from voxguard.engine.index import RuleIndex
from voxguard.model.decisions import Decision
from voxguard.model.events import Event, GuildAppeared
from voxguard.model.ids import GuildId

OTHER = GuildId(200)
SHIFTS = st.sampled_from([0, 0, 1, 7])
FUSES = st.booleans()


def moved(event: Event) -> Event:
    """The same event of the other guild."""
    if isinstance(event, GuildAppeared):
        return GuildAppeared(replace(event.guild, id=OTHER))
    return replace(event, guild_id=OTHER)


def index_of(here: str | None, there: str | None) -> RuleIndex:
    """An index of one guild or of both."""
    guilds = {}
    if here is not None:
        guilds[GUILD] = make_index(here).guilds[GUILD]
    if there is not None:
        guilds[OTHER] = replace(make_index(there).guilds[GUILD], guild_id=OTHER)
    return RuleIndex("some", guilds)


def lived(index: RuleIndex, life: Life, *, fuses: bool) -> list[Decision]:
    """What is decided in a life of whatever guilds."""
    engine = Engine(index, fuses=fuses)
    decisions: list[Decision] = []
    for at, happening in life:
        instant = START.fromtimestamp(START.timestamp() + at, START.tzinfo)
        decisions += engine.step(happening, instant).decisions
    return decisions


def first_seen() -> GuildAppeared:
    """The guild as it is when a life begins."""
    stage = stage_for("rules: {}")
    guild = stage.engine.guild(GUILD)
    assert guild is not None
    return stage.snapshot(members=guild.known.values())


@given(policies(), lives(), policies(), lives(), SHIFTS, FUSES)
def test_interleaving_guilds_changes_nothing(
    here: str, life: Life, there: str, other: Life, shift: int, fuses: bool
) -> None:
    """Each guild is decided as if it were alone, whatever happens in another meanwhile."""
    mine: Life = [(0, [first_seen()]), *life, (end_of(life), [])]
    theirs: Life = [
        (0, [moved(first_seen())]),
        *((at + shift, [moved(event) for event in happening]) for at, happening in other),
    ]
    by_instant: dict[int, list[Event]] = {}
    for at, happening in (*mine, *theirs, (max(end_of(life), end_of(theirs)), [])):
        by_instant.setdefault(at, []).extend(happening)
    both = sorted(by_instant.items())
    end: Life = [(both[-1][0], [])]
    together = lived(index_of(here, there), both, fuses=fuses)
    alone = lived(index_of(here, None), [*mine, *end], fuses=fuses)
    elsewhere = lived(index_of(None, there), [*theirs, *end], fuses=fuses)
    assert [each for each in together if each.guild_id == GUILD] == alone
    assert [each for each in together if each.guild_id == OTHER] == elsewhere
    order = [(each.decided_at, each.guild_id, each.user_id) for each in together]
    assert order == sorted(order)
