"""The fuses as people see them: which are blown, and which have counted somebody."""

from dataclasses import dataclass
from datetime import datetime

from voxguard.engine.engine import Engine
from voxguard.engine.fuse_reset import observed_members
from voxguard.model.ids import GuildId
from voxguard.model.limits import Fuse


@dataclass(frozen=True, slots=True)
class FuseState:
    """One rule's fuse.

    `counted` are the members on whom the rule has acted within the fuse's time, when it has
    blown those of then. `observed` are connected members on whom a blown fuse keeps the rule
    from acting.
    """

    guild_id: GuildId
    rule: str
    fuse: Fuse
    counted: int
    blown_at: datetime | None
    observed: int


def fuse_states(engine: Engine, at: datetime) -> list[FuseState]:
    """Every fuse that is blown or has counted somebody, the blown ones first."""
    states = []
    for guild in engine.guilds:
        index = engine.index.guilds.get(guild.id)
        for name, counter in guild.fuses.counters.items():
            rule = None if index is None else index.by_name.get(name)
            if rule is None or rule.fuse is None:
                continue
            counts = sum(
                counter.blown_at is not None or at - acted_at < rule.fuse.within
                for acted_at in counter.members.values()
            )
            if counts or counter.blown_at is not None:
                observed = len(observed_members(guild, name))
                states.append(
                    FuseState(guild.id, name, rule.fuse, counts, counter.blown_at, observed)
                )
    return sorted(states, key=lambda each: (each.blown_at is None, each.guild_id, each.rule))
