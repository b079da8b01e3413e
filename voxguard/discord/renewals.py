"""Sessions that are begun anew though nothing has ended them, to be shown their guilds."""

import asyncio
import math

import structlog

from voxguard.discord.shard import Shard
from voxguard.discord.starts import Starts
from voxguard.model.ids import GuildId, shard_of

log = structlog.get_logger("voxguard.gateway")

SELDOM_SECONDS = 3600.0
"""A shard's session is begun anew so often at most: each time costs one of a day's sessions."""


class Renewals:
    """Knows the shards at work, and which of them may begin anew."""

    def __init__(self, starts: Starts) -> None:
        """Spend of these sessions, and only while there are plenty."""
        self._starts = starts
        self._shards: dict[int, Shard] = {}
        self._renewed_at: dict[int, float] = {}

    def add(self, shard: Shard) -> Shard:
        """This is the shard of its number now."""
        self._shards[shard.id] = shard
        return shard

    def renew(self, guild_id: GuildId) -> bool:
        """Begin the session of a guild's shard anew; False where that must not be now."""
        now = asyncio.get_running_loop().time()
        shard = next(
            (
                each
                for each in self._shards.values()
                if shard_of(guild_id, each.shard_count) == each.id
            ),
            None,
        )
        if shard is None or not shard.is_connected or not self._starts.are_plenty:
            return False
        if now - self._renewed_at.get(shard.id, -math.inf) < SELDOM_SECONDS:
            return False
        self._renewed_at[shard.id] = now
        log.info("begins the session anew, so that the guilds are shown", shard=shard.id)
        shard.renew()
        return True

    def renew_all(self) -> None:
        """Begin every session anew, however lately that was done: nothing else will do."""
        for shard in self._shards.values():
            shard.renew()
