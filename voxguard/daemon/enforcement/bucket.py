"""One rate limit, as the headers of answers tell it."""

import math

from voxguard.ports.discord import RateLimit

UNKNOWN_BURST = 5
"""Requests under way at once while nothing is known of the bucket."""

MARGIN_SECONDS = 0.05
"""A window ends on Discord's clock, and an answer was under way for a while."""

SAME_WINDOW_SECONDS = 0.5
"""Answers of one window that took differently long put its end at slightly different times."""


class Bucket:
    """Says when the next request may go, counting those that are under way as used.

    Source: Discord developer documentation, "Rate Limits". Sizes are never assumed.
    """

    def __init__(self) -> None:
        """Begin with nothing known."""
        self._limit: int | None = None
        self._remaining = 0
        # Never while a window has begun of which no answer has told the end.
        self._resets_at = -math.inf
        self._closed_until = -math.inf
        self._under_way = 0

    def free_at(self, now: float) -> float:
        """The instant at which a request may go; infinite where an answer must come first."""
        if now < self._closed_until:
            return self._closed_until
        if self._limit is None:
            return now if self._under_way < UNKNOWN_BURST else math.inf
        if now >= self._resets_at:
            return now if self._under_way < self._limit else math.inf
        return now if self._remaining > 0 else self._resets_at

    def is_quiet(self, now: float) -> bool:
        """Whether nothing is under way, and whatever was used is given back."""
        return self._under_way == 0 and now >= max(self._resets_at, self._closed_until)

    def sent(self, now: float) -> None:
        """A request has gone."""
        if self._limit is not None and now >= self._resets_at:
            self._remaining = self._limit - self._under_way
            self._resets_at = math.inf
        self._remaining -= 1
        self._under_way += 1

    def answered(self, seen: RateLimit | None, now: float) -> None:
        """An answer has come, with what its headers said or without."""
        self._under_way -= 1
        if seen is None:
            if self._under_way == 0 and self._resets_at == math.inf:
                self._limit = None
            return
        resets_at = now + seen.reset_after_seconds + MARGIN_SECONDS
        is_known = self._limit is not None and self._resets_at < math.inf
        if is_known and resets_at <= self._resets_at + SAME_WINDOW_SECONDS:
            self._remaining = min(self._remaining, seen.remaining)
            self._resets_at = min(self._resets_at, resets_at)
        else:
            self._remaining = max(0, seen.remaining - self._under_way)
            self._resets_at = resets_at
        self._limit = max(1, seen.limit)

    def close(self, until: float) -> None:
        """Discord has asked for a pause."""
        self._closed_until = max(self._closed_until, until + MARGIN_SECONDS)

    @property
    def closed_until(self) -> float:
        """When the pause is over that Discord has asked for."""
        return self._closed_until
