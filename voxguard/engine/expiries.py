"""Who is away, and until when anything of their past may be asked for."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from voxguard.engine.state import GuildState, MemberState
from voxguard.engine.timers import Timers
from voxguard.model.ids import GuildId


class Expiries(Timers):
    """One instant for each absent member of whom something is remembered.

    They decide nothing and wake nobody: whoever steps the engine next lets go of what is over.
    """

    def note(self, guild: GuildState, member: MemberState) -> None:
        """Note when nothing of an absent member's past will be asked for any more."""
        expires_at = None if member.connected else member.history.expires_at(guild.lookback)
        self.set(guild.id, member.user_id, expires_at)

    def forget(self, guilds: Mapping[GuildId, GuildState], at: datetime) -> Iterator[GuildId]:
        """Let go of what is over; the guilds in which somebody is to be looked at for it."""
        for guild_id, user_id in self.pop_due(at):
            guild = guilds[guild_id]
            guild.around.entries.prune(at)
            member = guild.members.get(user_id)
            if member is not None and not member.connected:
                member.history.prune(guild.lookback, at)
                guild.dirty.add(user_id)
                yield guild_id
