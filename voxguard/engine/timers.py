"""Timers: who is to be looked at when, though nothing happens to them."""

import heapq
from datetime import datetime, timedelta

from voxguard.model.ids import GuildId, UserId

COMPACT_ABOVE = 1_000
"""Entries below which outdated ones are not worth a sweep."""


class Timers:
    """One instant a member; setting another replaces it.

    A heap whose outdated entries are skipped when they come up, and swept when they
    outnumber the others.
    """

    def __init__(self) -> None:
        """Begin with nobody waiting."""
        self._heap: list[tuple[datetime, GuildId, UserId]] = []
        self._current: dict[tuple[GuildId, UserId], datetime] = {}

    def set(self, guild_id: GuildId, user_id: UserId, wake_at: datetime | None) -> None:
        """Look at the member at `wake_at`, or not at all."""
        key = (guild_id, user_id)
        if wake_at is None:
            self._current.pop(key, None)
        elif self._current.get(key) != wake_at:
            self._current[key] = wake_at
            heapq.heappush(self._heap, (wake_at, guild_id, user_id))
            if len(self._heap) > COMPACT_ABOVE + 2 * len(self._current):
                self._heap = [(at, *each) for each, at in self._current.items()]
                heapq.heapify(self._heap)

    def shift(self, by: timedelta) -> None:
        """Look at everybody so much later, or earlier."""
        self._current = {key: wake_at + by for key, wake_at in self._current.items()}
        self._heap = [(at, *each) for each, at in self._current.items()]
        heapq.heapify(self._heap)

    @property
    def next_at(self) -> datetime | None:
        """The earliest instant of all."""
        heap = self._heap
        while heap:
            wake_at, guild_id, user_id = heap[0]
            if self._current.get((guild_id, user_id)) == wake_at:
                return wake_at
            heapq.heappop(heap)
        return None

    def pop_due(self, at: datetime) -> list[tuple[GuildId, UserId]]:
        """Take out everybody who is to be looked at by `at`."""
        due = []
        while (next_at := self.next_at) is not None and next_at <= at:
            _, guild_id, user_id = heapq.heappop(self._heap)
            del self._current[guild_id, user_id]
            due.append((guild_id, user_id))
        return due
