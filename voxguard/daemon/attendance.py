"""Which guilds there are: those with a scope, those that the bot is in, and those it has left."""

import structlog

from voxguard.daemon.moderator import Moderator
from voxguard.model.events import Event, GuildAppeared, GuildVanished
from voxguard.model.ids import GuildId
from voxguard.model.world import GuildSnapshot
from voxguard.ports.discord import GatewayStatus

log = structlog.get_logger("voxguard.guilds")


class Attendance:
    """Says once what does not fit, and lets go of guilds that the bot is no longer in."""

    def __init__(self, moderator: Moderator) -> None:
        """Begin with nothing said."""
        self._moderator = moderator
        self._said: set[GuildId] = set()

    def event(self, event: Event) -> None:
        """A guild that nobody wrote policies for is named once."""
        if not isinstance(event, GuildAppeared) or event.guild_id in self._said:
            return
        if event.guild_id not in self._moderator.engine.index.guilds:
            self._said.add(event.guild_id)
            log.warning("no policies for this guild", guild=str(event.guild_id))

    def status(self, status: GatewayStatus) -> None:
        """Once everybody has been announced, whoever is missing is not there."""
        if not status.is_connected:
            return
        for guild_id in self._moderator.engine.index.guilds:
            if guild_id not in status.announced and guild_id not in self._said:
                self._said.add(guild_id)
                log.warning("the bot is not in this guild", guild=str(guild_id))
        for guild in tuple(self._moderator.engine.guilds):
            if guild.members and guild.id not in status.announced:
                # An empty guild that is gone again: its visits end, its leases are pending.
                empty = GuildAppeared(GuildSnapshot(guild.id))
                self._moderator.take(empty, GuildVanished(guild.id))
