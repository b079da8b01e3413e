import asyncio
import time

from tests.unit.daemon.parts import until
from voxguard.daemon.loop_lag import LoopLag


async def test_a_loop_that_is_held_up_is_seen() -> None:
    """Who holds the loop for a tenth of a second makes everybody late by as much."""
    lag = LoopLag(beat_seconds=0.001)
    assert lag.worst_seconds == 0.0
    measuring = asyncio.create_task(lag.run())
    await until(lambda: lag.worst_seconds > 0)
    time.sleep(0.1)  # noqa: ASYNC251 - that is what is measured
    await until(lambda: lag.worst_seconds > 0.09)
    measuring.cancel()
