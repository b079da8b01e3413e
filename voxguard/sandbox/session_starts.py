"""How many sessions may still be started, as `GET /gateway/bot` says and IDENTIFY finds."""

from dataclasses import dataclass

from voxguard.sandbox.clock import Clock

STARTS_A_DAY = 1000
DAY_SECONDS = 86_400.0


@dataclass(slots=True)
class SessionStarts:
    """A day's session starts; `shards` is the number of them that is recommended.

    Source: Discord developer documentation, "Gateway" (session start limit object).
    """

    clock: Clock
    shards: int = 1
    used: int = 0
    _resets_at: float | None = None

    @property
    def left(self) -> int:
        """How many there are until the day is over."""
        if self._resets_at is not None and self.clock.monotonic() >= self._resets_at:
            self.set(STARTS_A_DAY, DAY_SECONDS)
        return max(0, STARTS_A_DAY - self.used)

    @property
    def reset_after_seconds(self) -> float:
        """When the day is over."""
        if self._resets_at is None:
            return DAY_SECONDS
        return max(0.0, self._resets_at - self.clock.monotonic())

    def set(self, left: int, reset_after_seconds: float) -> None:
        """Say how many are left, and for how long."""
        self.used = STARTS_A_DAY - left
        self._resets_at = self.clock.monotonic() + reset_after_seconds
