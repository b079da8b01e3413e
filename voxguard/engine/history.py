"""What is remembered of a member over visits: entries, stays, and what rules decided of them."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from voxguard.engine.lookback import Lookback
from voxguard.model.ids import ChannelId

MOST_STAYS: Final = 1_000
"""Of somebody who has changed channel more often than that within a span the oldest go."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One time that the member entered a channel."""

    at: datetime
    channel_id: ChannelId


@dataclass(frozen=True, slots=True)
class PastStay:
    """A stay that is over."""

    channel_id: ChannelId
    joined_at: datetime
    left_at: datetime


@dataclass(slots=True)
class Act:
    """An episode in which a rule decided something, and when it did so for the last time."""

    began_at: datetime
    last_at: datetime


@dataclass(slots=True)
class History:
    """One member's past, no longer than some rule looks back.

    `acts` are by rule and mode: what was only observed does not count for what is done.
    """

    entries: deque[Entry] = field(default_factory=deque)
    stays: deque[PastStay] = field(default_factory=deque)
    acts: dict[str, deque[Act]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether there is anything to remember."""
        return bool(self.entries or self.stays or self.acts)

    def note_entry(self, entry: Entry, lookback: Lookback) -> None:
        """Keep an entry, as far as a rule asks for entries."""
        if lookback.entries:
            self.entries.append(entry)
            if len(self.entries) > lookback.entries:
                self.entries.popleft()

    def note_stay(self, stay: PastStay, lookback: Lookback) -> None:
        """Keep a stay, as far as a rule asks for used time."""
        if not lookback.stays_for or stay.joined_at == stay.left_at:
            return
        stays = self.stays
        stays.append(stay)
        oldest_at = stay.left_at - lookback.stays_for
        while stays[0].left_at <= oldest_at or len(stays) > MOST_STAYS:
            stays.popleft()

    def stays_since(self, since_at: datetime) -> Iterator[PastStay]:
        """The stays that ended after an instant, oldest first."""
        stays = self.stays
        count = 0
        for stay in reversed(stays):
            if stay.left_at <= since_at:
                break
            count += 1
        return islice(stays, len(stays) - count, None)

    def note_act(self, key: str, began_at: datetime, at: datetime, most: int) -> None:
        """Keep that a rule decided something, in which of its episodes; the `most` latest."""
        acts = self.acts.setdefault(key, deque())
        if acts and acts[-1].began_at == began_at:
            acts[-1].last_at = at
            return
        acts.append(Act(began_at, at))
        if len(acts) > most:
            acts.popleft()

    def prune(self, lookback: Lookback, at: datetime) -> None:
        """Forget what no rule asks for any more."""
        while self.entries and (
            not lookback.entries or at - self.entries[0].at >= lookback.entries_for
        ):
            self.entries.popleft()
        while self.stays and (
            not lookback.stays_for or at - self.stays[0].left_at >= lookback.stays_for
        ):
            self.stays.popleft()
        for key in list(self.acts):
            acts, length = self.acts[key], lookback.acts_for.get(key)
            while acts and (length is None or at - acts[0].last_at >= length):
                acts.popleft()
            if not acts:
                del self.acts[key]

    def expires_at(self, lookback: Lookback) -> datetime | None:
        """When nothing of it is asked for any more; None when there is nothing."""
        ends: list[datetime] = []
        if self.entries:
            ends.append(self.entries[-1].at + lookback.entries_for)
        if self.stays:
            ends.append(self.stays[-1].left_at + lookback.stays_for)
        ends += [
            acts[-1].last_at + lookback.acts_for.get(key, timedelta())
            for key, acts in self.acts.items()
        ]
        return max(ends, default=None)
