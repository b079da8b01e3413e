"""What is remembered of a member over visits: entries, stays, and what rules decided of them."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from voxguard.engine.lookback import Lookback
from voxguard.engine.surroundings import Surroundings
from voxguard.engine.usage import PastStay, Usage
from voxguard.model.ids import ChannelId
from voxguard.model.visits import Places

MOST_STAYS: Final = 1_000
"""Of somebody who has changed channel more often than that within a span the oldest go."""


@dataclass(slots=True)
class Act:
    """An episode in which a rule decided something, and when it did so for the last time."""

    began_at: datetime
    last_at: datetime


@dataclass(slots=True)
class History:
    """One member's past, no longer than some rule looks back.

    `entries` are those into any channel, `entries_of` those by channel, of which the
    entries of everybody are put together again. `acts` are by rule and mode: what was only
    observed does not count for what is done.
    """

    entries: deque[datetime] = field(default_factory=deque)
    entries_of: dict[ChannelId, deque[datetime]] = field(default_factory=dict)
    stays: deque[PastStay] = field(default_factory=deque)
    acts: dict[str, deque[Act]] = field(default_factory=dict)
    usage: Usage = field(default_factory=Usage, compare=False)

    def __bool__(self) -> bool:
        """Whether there is anything to remember."""
        return bool(self.entries or self.entries_of or self.stays or self.acts)

    def note_entry(self, channel_id: ChannelId, at: datetime, lookback: Lookback) -> None:
        """Keep an entry, as far as a rule asks for entries."""
        if lookback.entries:
            _keep(self.entries, at, lookback.entries)
        if lookback.channel_entries:
            of_channel = self.entries_of.setdefault(channel_id, deque())
            _keep(of_channel, at, lookback.channel_entries)

    def note_stay(self, stay: PastStay, lookback: Lookback, around: Surroundings) -> None:
        """Keep a stay, as far as a rule asks for used time."""
        if not lookback.stays_for or stay.joined_at == stay.left_at:
            return
        stays = self.stays
        stays.append(stay)
        self.usage.note(stay, around)
        oldest_at = stay.left_at - lookback.stays_for
        while stays[0].left_at <= oldest_at:
            stays.popleft()
        while len(stays) > MOST_STAYS:
            stays.popleft()
            self.usage.clear()

    def used(self, places: Places, since_at: datetime, around: Surroundings) -> timedelta:
        """How long the member was in these places from an instant on, in stays that are over."""
        return self.usage.since(places, since_at, self.stays, around) if self.stays else timedelta()

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
        oldest_at = at - lookback.entries_for
        _forget(self.entries, oldest_at if lookback.entries else at)
        for channel_id in list(self.entries_of):
            of_channel = self.entries_of[channel_id]
            _forget(of_channel, oldest_at if lookback.channel_entries else at)
            if not of_channel:
                del self.entries_of[channel_id]
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
        ends = [
            each[-1] + lookback.entries_for
            for each in (self.entries, *self.entries_of.values())
            if each
        ]
        if self.stays:
            ends.append(self.stays[-1].left_at + lookback.stays_for)
        ends += [
            acts[-1].last_at + lookback.acts_for.get(key, timedelta())
            for key, acts in self.acts.items()
        ]
        return max(ends, default=None)


def _keep(instants: deque[datetime], at: datetime, most: int) -> None:
    instants.append(at)
    while len(instants) > most:
        instants.popleft()


def _forget(instants: deque[datetime], until_at: datetime) -> None:
    while instants and instants[0] <= until_at:
        instants.popleft()
