"""What is to be done at an instant of the steady clock, without a task for each."""

import heapq
from collections.abc import Callable

Action = Callable[[float], None]


class Timers:
    """Actions by instant; those of one instant in the order in which they were set."""

    def __init__(self) -> None:
        """Begin with none."""
        self._heap: list[tuple[float, int, Action]] = []
        self._count = 0

    @property
    def next_at(self) -> float | None:
        """The earliest instant."""
        return self._heap[0][0] if self._heap else None

    def set(self, at: float, action: Action) -> None:
        """Do this at `at`."""
        self._count += 1
        heapq.heappush(self._heap, (at, self._count, action))

    def run(self, now: float) -> None:
        """Do everything that is due; the actions are told the present instant."""
        while self._heap and self._heap[0][0] <= now:
            _, _, action = heapq.heappop(self._heap)
            action(now)
