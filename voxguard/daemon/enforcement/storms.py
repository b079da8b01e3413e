"""Rejoin storms: who comes back after each disconnect is disconnected ever later."""

from collections import deque

from voxguard.model.ids import GuildId, UserId

StormKey = tuple[GuildId, UserId, str]
"""One member and the rule that disconnects them."""

WINDOW_SECONDS = 60.0
FREE = 3
LONGEST_SECONDS = 60.0
SWEEP_ABOVE = 1_000


class Storms:
    """Counts the disconnects of the last minute by member and rule."""

    def __init__(self) -> None:
        """Begin with none."""
        self._times: dict[StormKey, deque[float]] = {}
        self._sweep_above = SWEEP_ABOVE

    def delay(self, key: StormKey, now: float) -> float:
        """How long the next disconnect has to wait: 2^(n-3) s from the fourth on."""
        times = self._recent(key, now)
        number = len(times) + 1
        return 0.0 if number <= FREE else min(2.0 ** (number - FREE), LONGEST_SECONDS)

    def disconnected(self, key: StormKey, now: float) -> None:
        """One has happened."""
        self._times.setdefault(key, deque()).append(now)
        if len(self._times) > self._sweep_above:
            for known in list(self._times):
                if not self._recent(known, now):
                    del self._times[known]
            self._sweep_above = SWEEP_ABOVE + 2 * len(self._times)

    def _recent(self, key: StormKey, now: float) -> deque[float]:
        times = self._times.get(key, deque())
        while times and now - times[0] >= WINDOW_SECONDS:
            times.popleft()
        return times
