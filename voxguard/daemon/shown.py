"""Since when Discord has shown everything that happens, shard by shard."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from voxguard.model.ids import GuildId, shard_of
from voxguard.ports.discord import GatewayStatus

ALWAYS: Final = datetime.min.replace(tzinfo=UTC)


class Shown:
    """Knows of each guild since when its shard is connected.

    What was missed meanwhile has been shown by then: RESUMED comes after it. Where nothing is
    known of shards, events come from somewhere else, and none is missed.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        """Begin with no shards."""
        self._now = now
        self._shard_count = 0
        self._since: dict[int, datetime] = {}

    def status(self, status: GatewayStatus) -> None:
        """Take in how the connection stands."""
        now = self._now()
        self._shard_count = status.shard_count
        self._since = {shard: self._since.get(shard, now) for shard in status.connected}

    def since(self, guild_id: GuildId) -> datetime | None:
        """Since when everything of the guild is shown; None where it is not at present."""
        if not self._shard_count:
            return ALWAYS
        return self._since.get(shard_of(guild_id, self._shard_count))
