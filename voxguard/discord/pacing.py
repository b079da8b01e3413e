"""How fast the gateway may be knocked at: pauses that grow, and turns to identify in."""

import asyncio
import random

FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 60.0

IDENTIFY_SECONDS = 5.0
"""Discord developer documentation, "Rate Limiting" of the gateway: max_concurrency in so long."""


class Pause:
    """A pause that doubles with each failure, with jitter so that not all come back at once."""

    def __init__(self) -> None:
        """Begin with the shortest."""
        self._seconds = FIRST_PAUSE_SECONDS

    def reset(self) -> None:
        """Things went well for a while."""
        self._seconds = FIRST_PAUSE_SECONDS

    async def wait(self) -> None:
        """Wait, and longer the next time."""
        seconds = self._seconds
        self._seconds = min(2 * seconds, LONGEST_PAUSE_SECONDS)
        # Not a secret: a random number that spreads load.
        await asyncio.sleep(seconds * random.uniform(0.5, 1.0))  # noqa: S311


class Turns:
    """Spaces IDENTIFYs out: `max_concurrency` in five seconds, by shard id."""

    def __init__(self) -> None:
        """Begin with every turn free, one at a time until Discord has said how many."""
        self.max_concurrency = 1
        self._free_at: dict[int, float] = {}

    async def take(self, shard_id: int) -> None:
        """Wait until the shard may identify."""
        slot = shard_id % self.max_concurrency
        now = asyncio.get_running_loop().time()
        turn_at = max(now, self._free_at.get(slot, now))
        self._free_at[slot] = turn_at + IDENTIFY_SECONDS
        await asyncio.sleep(turn_at - now)
