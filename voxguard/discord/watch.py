"""What each shard has been shown: which guilds there are, and until when nothing was missed."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from voxguard.model.ids import GuildId


class Watch:
    """Follows the sessions of all shards.

    A session that is resumed has missed nothing. What a new one shows may have come to be
    at any time since its shard was last surely followed.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        """Begin with nothing shown."""
        self._now = now
        self._announced: dict[int, set[GuildId]] = {}
        self._following: set[int] = set()
        self._watched: dict[int, datetime] = {}
        self._gaps: dict[GuildId, datetime] = {}

    @property
    def announced(self) -> frozenset[GuildId]:
        """The guilds that the bot is in, as far as Discord has said so."""
        return frozenset().union(*self._announced.values())

    def begin(self, shard_id: int, payload: Mapping[str, Any]) -> list[GuildId]:
        """A new session has begun; the guilds of the shard that it no longer names."""
        named = {GuildId(int(guild["id"])) for guild in payload["guilds"]}
        before = self._announced.get(shard_id, set())
        if shard_id in self._watched:
            # A session that ended before it showed a guild has not watched it.
            for guild_id in named | before:
                self._gaps.setdefault(guild_id, self._watched[shard_id])
        self._announced[shard_id] = named
        self.follow(shard_id)
        return sorted(before - named)

    def follow(self, shard_id: int) -> None:
        """From now on the shard is told everything, and of what went before it was told."""
        self._following.add(shard_id)
        self.heard(shard_id)

    def heard(self, shard_id: int) -> None:
        """Something has come from Discord, and so everything that happened before it."""
        # While a session is being resumed, what comes is old.
        if shard_id in self._following:
            self._watched[shard_id] = self._now()

    def appeared(self, shard_id: int, payload: Mapping[str, Any]) -> datetime | None:
        """A guild is there; since when what it shows may be so, where that is not just now."""
        guild_id = GuildId(int(payload["id"]))
        self._announced.setdefault(shard_id, set()).add(guild_id)
        return None if payload.get("unavailable") else self._gaps.pop(guild_id, None)

    def vanished(self, shard_id: int, payload: Mapping[str, Any]) -> datetime | None:
        """A guild is not there any more; as with `appeared`."""
        guild_id = GuildId(int(payload["id"]))
        if not payload.get("unavailable"):
            self._announced.get(shard_id, set()).discard(guild_id)
        return self._gaps.pop(guild_id, None)

    def lost(self, shard_id: int, silent_seconds: float | None = None) -> None:
        """The shard is not connected; Discord was last heard so many seconds ago, if ever."""
        if shard_id not in self._following:
            return
        self._following.discard(shard_id)
        if silent_seconds is not None:
            heard_at = self._now() - timedelta(seconds=max(0.0, silent_seconds))
            self._watched[shard_id] = max(self._watched[shard_id], heard_at)

    def reset(self) -> None:
        """The shards become others: each guild may have been missed since its old one's end."""
        for shard_id, guild_ids in self._announced.items():
            for guild_id in guild_ids:
                self._gaps.setdefault(guild_id, self._watched[shard_id])
        self._announced.clear()
        self._following.clear()
        self._watched.clear()
