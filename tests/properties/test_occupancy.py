"""Counting as people come and go is counting everybody anew."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from tests.properties.random_rules import policies
from tests.properties.worlds import Life, end_of, lives, stage_for
from tests.support.stage import GUILD, Stage
from voxguard.engine.state import GuildState

GUILDS = st.sampled_from(["", "exempt: {bots: false}", "exempt: {who: {roles: staff}}"])


def guild_of(stage: Stage) -> GuildState:
    """The only guild's tables."""
    guild = stage.engine.guild(GUILD)
    assert guild is not None
    return guild


def recounted(guild: GuildState) -> Counter[int]:
    """How many people there are in each channel, by looking at everybody."""
    return Counter(
        member.channel_id
        for member in guild.members.values()
        if member.connected and not member.bot
    )


@given(policies(), GUILDS, lives())
def test_the_counts_are_those_of_a_recount(policy: str, guild: str, life: Life) -> None:
    """After every instant of any life, and nothing is left over of channels and members."""
    stage = stage_for(policy, guild=guild)
    for at, happening in life:
        stage.at(at).step(*happening)
        tables = guild_of(stage)
        if not stage.engine.index.guilds[GUILD].watches_channels:
            assert tables.occupancy.humans == {}
            continue
        assert tables.occupancy.humans == recounted(tables)
        for member in tables.members.values():
            if member.connected:
                assert member.user_id in tables.occupancy.present(member.channel_id)
                assert member.occupancy == tables.occupancy.humans.get(member.channel_id, 0)


def look_at_everybody(stage: Stage) -> None:
    """Have everybody decided with the next step."""
    tables = guild_of(stage)
    tables.dirty.update(tables.members)
    stage.engine._changed.add(GUILD)


@given(policies(), GUILDS, lives())
def test_looking_at_everybody_decides_nothing_else(policy: str, guild: str, life: Life) -> None:
    """Who was not looked at had no reason to be: an engine that always looks finds the same."""
    careful, naive = stage_for(policy, guild=guild), stage_for(policy, guild=guild)
    for at, happening in [*life, (end_of(life), [])]:
        careful.at(at).step(*happening)
        while (wake_in := naive.wake_in) is not None and wake_in < at:
            look_at_everybody(naive.at(wake_in))
            naive.step()
        look_at_everybody(naive.at(at))
        naive.step(*happening)
    assert careful.decisions == naive.decisions
