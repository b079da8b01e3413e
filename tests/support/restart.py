"""A daemon that is killed, and one that takes up what the first has written down."""

from tests.support.stage import GUILD, Stage
from voxguard.engine.engine import Engine
from voxguard.engine.memory import remember
from voxguard.engine.reported import last_voice_state
from voxguard.engine.restart import restore_guilds
from voxguard.engine.state import GuildState
from voxguard.model.events import GuildAppeared
from voxguard.model.world import GuildSnapshot


def restarted(stage: Stage) -> list[tuple[str, str]]:
    """Go on with another engine, which is shown the world as it is at this instant.

    What it decides at once, as (rule, effect): nothing, if nothing was forgotten.
    """
    guild = stage.engine.guild(GUILD)
    assert guild is not None
    memories = [(GUILD, user_id, remember(member)) for user_id, member in guild.members.items()]
    restored, damaged = restore_guilds(memories, stage.instant(), stage.instant())
    assert damaged == []
    shown = GuildAppeared(snapshot_of(guild))
    engine = Engine(fuses=guild.fuses.active, humans=guild.humans is not None)
    for each in restored.values():
        engine.restore(each)
    engine.activate(stage.engine.index, stage.instant())
    stage.engine = engine
    return stage.step(shown)


def snapshot_of(guild: GuildState) -> GuildSnapshot:
    """What Discord would show of a guild now, by its last word on everything."""
    return GuildSnapshot(
        id=guild.id,
        owner_id=guild.owner_id,
        afk_channel_id=guild.afk_channel_id,
        roles=tuple(guild.roles.values()),
        channels=tuple(guild.channels.values()),
        members=tuple(guild.known.values()),
        voice_states=tuple(
            last_voice_state(member, member.channel_id)
            for member in guild.members.values()
            if member.connected
        ),
    )
