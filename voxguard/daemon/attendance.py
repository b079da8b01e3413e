"""Which guilds there are: those with a scope, those that the bot is in, and those it has left."""

import structlog

from voxguard.daemon.absences import Absences
from voxguard.daemon.moderator import Moderator
from voxguard.model.events import Event, GuildAppeared, GuildVanished
from voxguard.model.ids import GuildId
from voxguard.model.world import GuildSnapshot
from voxguard.ports.discord import GatewayStatus
from voxguard.ports.reconciliation import ReconciliationStats

log = structlog.get_logger("voxguard.guilds")


class Attendance:
    """Says once what does not fit, and lets go of guilds that the bot is no longer in."""

    def __init__(self, moderator: Moderator, stats: ReconciliationStats) -> None:
        """Begin with nothing said."""
        self._moderator = moderator
        self._absences = Absences(moderator.engine, stats)
        self._status = GatewayStatus()
        self._unruled: set[GuildId] = set()
        self._missing: set[GuildId] = set()
        self._let_go: set[GuildId] = set()

    def event(self, event: Event) -> None:
        """A guild that nobody wrote policies for is named once."""
        if not isinstance(event, GuildAppeared | GuildVanished):
            return
        self._absences.look(self._status.announced)
        guild_id = event.guild_id
        is_known = guild_id in self._moderator.engine.index.guilds or guild_id in self._unruled
        if isinstance(event, GuildAppeared) and not is_known:
            self._unruled.add(guild_id)
            log.warning("no policies for this guild", guild=str(guild_id))

    def status(self, status: GatewayStatus) -> None:
        """Once everybody has been announced, whoever is missing is not there."""
        self._status = status
        self.look()

    def look(self) -> None:
        """Compare the policies in force with what Discord has said so far."""
        if not self._status.is_connected:
            return
        announced = self._status.announced
        wanted = self._moderator.engine.index.guilds.keys()
        for guild_id in sorted(wanted - announced - self._missing):
            log.warning("the bot is not in this guild", guild=str(guild_id))
        for guild_id in sorted(self._missing & wanted & announced):
            log.info("the bot is in this guild now", guild=str(guild_id))
        self._missing = set(wanted - announced)
        self._let_go -= announced
        for guild in tuple(self._moderator.engine.guilds):
            if guild.members and guild.id not in announced and guild.id not in self._let_go:
                self._let_go.add(guild.id)
                # An empty guild that is gone again: its visits end, its leases are pending.
                empty = GuildAppeared(GuildSnapshot(guild.id))
                self._moderator.take(empty, GuildVanished(guild.id))
        self._absences.look(announced)
