"""What holds over all guilds: the global rate, a global pause, and refusals that cost a ban."""

import math
from collections import deque

REQUESTS_PER_SECOND = 50
"""Discord developer documentation, "Global Rate Limit"."""

SECOND = 1.02
"""Requests may arrive closer together than they went."""

INVALID_BUDGET = 1_000
INVALID_WINDOW_SECONDS = 600.0
"""10,000 answers of 401, 403 and 429 in ten minutes ban the address: stop well before."""


class Limits:
    """Counts what all guilds share; instants are on the steady clock."""

    def __init__(self) -> None:
        """Begin with nothing sent."""
        self._sent: deque[float] = deque(maxlen=REQUESTS_PER_SECOND)
        self._invalid: deque[float] = deque()
        self._paused_until = -math.inf
        self._under_way = 0

    def free_at(self, now: float) -> float:
        """The instant at which any request may go."""
        full = len(self._sent) == REQUESTS_PER_SECOND
        window_at = self._sent[0] + SECOND if full else now
        return max(now, self._paused_until, window_at)

    def sent(self, now: float) -> None:
        """A request has gone."""
        self._sent.append(now)
        self._under_way += 1

    def answered(self, now: float, *, invalid: bool) -> None:
        """An answer has come; `invalid` is one of 401, 403 and 429."""
        self._under_way -= 1
        if invalid:
            self._invalid.append(now)

    def pause(self, until: float) -> None:
        """Discord's global limit was reached: nothing goes before `until`."""
        self._paused_until = max(self._paused_until, until)

    def only_releases(self, now: float) -> bool:
        """Whether the budget is used up, by what was refused and what still may be."""
        return self.invalid_lately(now) + self._under_way >= INVALID_BUDGET

    def invalid_lately(self, now: float) -> int:
        """How many refusals count now."""
        while self._invalid and now - self._invalid[0] >= INVALID_WINDOW_SECONDS:
            self._invalid.popleft()
        return len(self._invalid)

    def opens_at(self) -> float:
        """The instant at which the oldest refusal no longer counts; never if there is none."""
        return self._invalid[0] + INVALID_WINDOW_SECONDS if self._invalid else math.inf
