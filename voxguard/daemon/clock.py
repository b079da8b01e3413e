"""The daemon's clock: wall time that never runs backwards, and never stands still."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class WallClock:
    """Aware UTC instants for the engine, which must not see them decrease.

    After the machine's clock has been set back they go on at half the pace until it has
    caught up. Standing still would let no `for` be reached meanwhile, and would make
    everything that happens one instant, at which a rule acts once.
    """

    def __init__(
        self,
        read: Callable[[], datetime] = lambda: datetime.now(UTC),
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        """Read instants from `read`, and seconds that cannot be set from `steady`."""
        self._read = read
        self._steady = steady
        self._agreed = read()
        self._agreed_seconds = steady()

    def now(self) -> datetime:
        """The present instant, or one that is ahead of it while the clock is behind."""
        read, seconds = self._read(), self._steady()
        slow = self._agreed + timedelta(seconds=(seconds - self._agreed_seconds) / 2)
        if read < slow:
            return slow
        self._agreed, self._agreed_seconds = read, seconds
        return read
