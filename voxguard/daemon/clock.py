"""The daemon's clock: wall time for the engine, and what has become of it between two looks."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

TOLERANCE: Final = timedelta(seconds=1)
"""What a clock that is slewed, or slow, may differ between two looks: that is followed."""

LONGEST_BLINK: Final = timedelta(minutes=1)
"""Who has not looked for longer has slept: the daemon looks every few seconds."""

# Not time.monotonic, which on Linux stands still while the machine is suspended.
_ELAPSED: Final = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def elapsed_seconds() -> float:
    """Seconds that pass by themselves, while the machine is suspended as well."""
    return time.clock_gettime(_ELAPSED)


@dataclass(frozen=True, slots=True)
class Break:
    """Time has not simply gone on since the last look, which was `elapsed` ago.

    `by` is how far the wall clock was stepped, zero where it was not; it shows `at` now.
    """

    at: datetime
    by: timedelta
    elapsed: timedelta

    @property
    def slept(self) -> bool:
        """Whether nobody has looked for so long that much may have been missed."""
        return self.elapsed > LONGEST_BLINK


OnBreak = Callable[[Break], None]


class WallClock:
    """Aware UTC instants for the engine, which must not see them decrease.

    They decrease where the machine's clock was set back, and `on_break` has been told of it:
    each look may find that, so that nobody is given the new time before.
    """

    def __init__(
        self,
        read: Callable[[], datetime] = lambda: datetime.now(UTC),
        elapsed: Callable[[], float] = elapsed_seconds,
    ) -> None:
        """Read instants from `read`, and seconds that cannot be set from `elapsed`."""
        self._read = read
        self._elapsed = elapsed
        self._shown = read()
        self._seconds = elapsed()
        self.on_break: OnBreak | None = None

    def now(self) -> datetime:
        """The present instant."""
        read, seconds = self._read(), self._elapsed()
        elapsed = timedelta(seconds=seconds - self._seconds)
        # Measured from what was shown last, so that what was counted from it stays in the past.
        by = read - (self._shown + elapsed)
        if abs(by) <= TOLERANCE:
            by, read = timedelta(), max(read, self._shown)
        self._shown, self._seconds = read, seconds
        found = Break(read, by, elapsed)
        if (by or found.slept) and self.on_break is not None:
            self.on_break(found)
        # Whoever was told may have looked again.
        return self._shown
