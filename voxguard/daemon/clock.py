"""The daemon's clock: wall time that never runs backwards."""

from collections.abc import Callable
from datetime import UTC, datetime


class WallClock:
    """Aware UTC instants for the engine, which must not see them decrease.

    While the machine's clock has been set back, the last instant is given again until it
    has been caught up with.
    """

    def __init__(self, read: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """Read instants from `read`."""
        self._read = read
        self._last = read()

    def now(self) -> datetime:
        """The present instant, or the latest one given if that is later."""
        self._last = max(self._last, self._read())
        return self._last
