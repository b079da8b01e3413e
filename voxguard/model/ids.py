"""Discord's identifiers (snowflakes), one type for each kind so that they cannot be mixed up.

Source: Discord developer documentation, "Snowflakes".
"""

from datetime import UTC, datetime, timedelta
from typing import NewType

GuildId = NewType("GuildId", int)
UserId = NewType("UserId", int)
ChannelId = NewType("ChannelId", int)
RoleId = NewType("RoleId", int)

MAX_ID = 9_223_372_036_854_775_807
"""The largest id: what a signed 64-bit column holds."""

DISCORD_EPOCH = datetime(2015, 1, 1, tzinfo=UTC)
"""The instant from which ids count milliseconds."""


def created_at(snowflake: int) -> datetime:
    """When the thing with this id was made, to the millisecond."""
    return DISCORD_EPOCH + timedelta(milliseconds=snowflake >> 22)


def shard_of(guild_id: GuildId, shard_count: int) -> int:
    """The shard that shows a guild.

    Source: Discord developer documentation, "Gateway" (sharding formula).
    """
    return (guild_id >> 22) % shard_count
