from tests.support.stage import GUILD, LOBBY, MUSIC, Stage, users
from voxguard.daemon.fuse_states import fuse_states
from voxguard.model.ids import GuildId

RULES = """
rules:
  quiet: {where: lobby, limits: {fuse: {members: 2, within: 30s}}, then: {mute: true}}
  calm: {where: music, then: {mute: true}}
"""


def test_the_blown_ones_come_first_with_whom_they_hold_back() -> None:
    """Those that have only counted come after, and those that count nobody not at all."""
    stage = Stage(RULES, fuses=True)
    assert fuse_states(stage.engine, stage.instant()) == []
    stage.at(0.5).enter(users(5)[4], MUSIC)
    for second, user in enumerate(users(4), 1):
        stage.at(second + 0.5).enter(user, LOBBY)
    blown, counting = fuse_states(stage.engine, stage.instant())
    assert (blown.rule, blown.counted, blown.observed) == ("quiet", 2, 2)
    assert (blown.guild_id, blown.blown_at) == (GUILD, stage.instant(3.5))
    assert (counting.rule, counting.counted, counting.observed) == ("calm", 1, 0)
    assert counting.blown_at is None
    (blown,) = fuse_states(stage.engine, stage.instant(60))
    assert (blown.rule, blown.counted) == ("quiet", 2)


def test_what_a_guild_without_policies_has_left_is_not_shown() -> None:
    """Nobody could do anything about it."""
    stage = Stage(RULES, fuses=True)
    stage.at(0.5).enter(users(1)[0], LOBBY)
    fuses = dict(next(iter(stage.engine.guilds)).fuses.counters)
    stage.engine.restore_fuses({GuildId(7): fuses})
    assert [each.guild_id for each in fuse_states(stage.engine, stage.instant())] == [GUILD]
