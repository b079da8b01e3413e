"""How much a guild's rules, or one of them, may still do: a window that slides."""

from collections import deque
from collections.abc import Callable

from voxguard.model.limits import Budget


class Allowance:
    """Counts actions, and says when the next one fits the budget of that moment.

    Without a budget anything does. Instants are on the steady clock.
    """

    def __init__(self, budget: Callable[[], Budget | None]) -> None:
        """Begin with nothing done; `budget` is asked each time, since policies change."""
        self._budget = budget
        self._times: deque[float] = deque()

    def free_at(self, now: float) -> float:
        """The instant at which an action may be taken; `now` where that is at once."""
        budget = self._budget()
        if budget is None:
            return now
        within = budget.within.total_seconds()
        while self._times and now - self._times[0] >= within:
            self._times.popleft()
        if len(self._times) < budget.max:
            return now
        return self._times[len(self._times) - budget.max] + within

    def take(self, now: float) -> None:
        """An action is taken."""
        self._times.append(now)
