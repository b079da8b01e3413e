"""What one step of the engine brought, for whoever records it."""

from collections.abc import Iterable
from dataclasses import dataclass

from voxguard.engine.state import GuildState
from voxguard.model.decisions import Decision
from voxguard.model.ids import GuildId, UserId
from voxguard.model.visits import Visit


@dataclass(frozen=True, slots=True)
class Step:
    """What one step brought.

    Decisions in order, visits opened or closed, and the members whose memory may have
    changed.
    """

    decisions: tuple[Decision, ...] = ()
    visits: tuple[Visit, ...] = ()
    touched: tuple[tuple[GuildId, UserId], ...] = ()


def report(decisions: Iterable[Decision], guilds: Iterable[GuildState]) -> Step:
    """Take out of some guilds what is to be told of them."""
    visits: list[Visit] = []
    touched: list[tuple[GuildId, UserId]] = []
    for guild in guilds:
        visits += guild.visits
        guild.visits.clear()
        touched += [(guild.id, user_id) for user_id in sorted(guild.touched)]
        guild.touched.clear()
    return Step(tuple(decisions), tuple(visits), tuple(touched))
