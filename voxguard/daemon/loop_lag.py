"""How late the event loop is: everything that is decided waits for its turn there."""

import asyncio
from collections import deque
from typing import Final

BEAT_SECONDS: Final = 1.0
WINDOW_BEATS: Final = 60


class LoopLag:
    """Sleeps for a second again and again, and keeps by how much each was too long."""

    def __init__(self, beat_seconds: float = BEAT_SECONDS) -> None:
        """Begin with nothing measured."""
        self._beat_seconds = beat_seconds
        self._late: deque[float] = deque(maxlen=WINDOW_BEATS)

    @property
    def worst_seconds(self) -> float:
        """The longest delay of the last minute."""
        return max(self._late, default=0.0)

    async def run(self) -> None:
        """Measure until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            began = loop.time()
            await asyncio.sleep(self._beat_seconds)
            self._late.append(max(0.0, loop.time() - began - self._beat_seconds))
