from datetime import UTC, datetime

import pytest

from voxguard.model.ids import MAX_ID, GuildId, created_at, shard_of


@pytest.mark.parametrize(
    ("snowflake", "instant"),
    [
        (0, datetime(2015, 1, 1, tzinfo=UTC)),
        # The example of Discord's documentation.
        (175928847299117063, datetime(2016, 4, 30, 11, 18, 25, 796000, tzinfo=UTC)),
        (MAX_ID, datetime(2084, 9, 6, 15, 47, 35, 551000, tzinfo=UTC)),
    ],
)
def test_an_id_tells_when_it_was_made(snowflake: int, instant: datetime) -> None:
    """Its upper bits are milliseconds since the beginning of 2015."""
    assert created_at(snowflake) == instant


@pytest.mark.parametrize(
    ("guild", "shards", "shard"), [(5 << 22, 1, 0), (5 << 22, 4, 1), (3, 4, 0)]
)
def test_a_guild_is_shown_by_one_shard(guild: int, shards: int, shard: int) -> None:
    """By when it was made, in turn."""
    assert shard_of(GuildId(guild), shards) == shard
