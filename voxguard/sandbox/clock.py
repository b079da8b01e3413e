"""Where the stand-in takes its time from, so that tests can hold the hands of the clock."""

import asyncio
import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """The instant, a steady count of seconds, and a way to let time pass."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds since some fixed instant; never goes back."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return when this many seconds have passed."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds on the clock that `asyncio` and the request log share."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Return when this many seconds have passed."""
        await asyncio.sleep(seconds)
