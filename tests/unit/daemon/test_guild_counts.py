from tests.support.stage import ALICE, BOB, GUILD, LOBBY, MUSIC, Stage
from voxguard.daemon.guild_counts import count_guild
from voxguard.model.decisions import Effect

RULES = """
rules:
  quiet: {where: lobby, then: {mute: true, grant: dj}}
  calm: {then: {mute: true}}
  watch: {mode: observe, then: {deafen: true}}
"""


def test_leases_are_counted_once_and_observed_ones_are_none() -> None:
    """Whoever is muted by two rules is muted once."""
    stage = Stage(RULES)
    stage.at(0.5).enter(ALICE, LOBBY)
    stage.at(1.5).enter(BOB, MUSIC)
    guild = stage.engine.guild(GUILD)
    assert guild is not None
    counts = count_guild(guild)
    assert counts.connected == 2
    assert counts.leases == {Effect.MUTE: 2, Effect.GRANT: 1}
