from datetime import UTC, datetime

import pytest

from voxguard.model.ids import MAX_ID, created_at


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
