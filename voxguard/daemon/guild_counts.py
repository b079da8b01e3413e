"""How many members of a guild are connected, and what the rules hold of them."""

from collections import Counter
from dataclasses import dataclass, field

from voxguard.engine.state import GuildState
from voxguard.model.decisions import Effect


@dataclass(frozen=True, slots=True)
class GuildCounts:
    """One guild's numbers. A lease is counted once, however many rules hold it."""

    connected: int = 0
    leases: Counter[Effect] = field(default_factory=Counter)


def count_guild(guild: GuildState) -> GuildCounts:
    """Count a guild as it is now."""
    leases: Counter[Effect] = Counter()
    connected = 0
    for member in guild.members.values():
        connected += member.connected
        for held in member.enforced.leases.values():
            leases[next(iter(held.values())).effect] += 1
    return GuildCounts(connected, leases)
