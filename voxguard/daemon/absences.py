"""Guilds that Discord says the bot is in and does not show: told of when it takes too long."""

import asyncio
from collections.abc import Iterable

import structlog

from voxguard.engine.engine import Engine
from voxguard.model.ids import GuildId
from voxguard.ports.reconciliation import ReconciliationStats

log = structlog.get_logger("voxguard.guilds")

LONG_SECONDS = 120.0
"""Guilds are shown within seconds of READY, in an outage of Discord's much later."""


class Absences:
    """Says once of each absence that it lasts, and when it is over."""

    def __init__(self, engine: Engine, stats: ReconciliationStats) -> None:
        """Look at this engine, and keep `stats.overdue` up to date."""
        self._engine = engine
        self._stats = stats
        self._timers: dict[GuildId, asyncio.TimerHandle] = {}
        self._overdue: set[GuildId] = set()

    def look(self, announced: Iterable[GuildId]) -> None:
        """Compare the guilds of the policy set that the bot is in with those that were shown."""
        awaited = {guild_id for guild_id in announced if self._is_awaited(guild_id)}
        loop = asyncio.get_running_loop()
        for guild_id in awaited - self._timers.keys():
            self._timers[guild_id] = loop.call_later(LONG_SECONDS, self._say, guild_id)
        for guild_id in self._timers.keys() - awaited:
            self._timers.pop(guild_id).cancel()
            if guild_id in self._overdue:
                self._overdue.discard(guild_id)
                log.info("the guild is there, or gone for good", guild=str(guild_id))
        self._stats.overdue = len(self._overdue)

    def _is_awaited(self, guild_id: GuildId) -> bool:
        guild = self._engine.guild(guild_id)
        is_shown = guild is not None and guild.available
        return guild_id in self._engine.index.guilds and not is_shown

    def _say(self, guild_id: GuildId) -> None:
        self._overdue.add(guild_id)
        self._stats.overdue = len(self._overdue)
        log.warning(
            "Discord does not show this guild, so that nobody in it is moderated",
            guild=str(guild_id),
            seconds=round(LONG_SECONDS),
        )
