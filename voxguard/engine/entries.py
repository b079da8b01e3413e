"""Who entered which channel lately, whoever it was."""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from voxguard.engine.lookback import NOTHING, Lookback
from voxguard.model.ids import ChannelId
from voxguard.policy.recent import Recent


@dataclass(slots=True, eq=False)
class ChannelEntries:
    """The latest entries into each channel of a guild, as far as some rule looks back."""

    lookback: Lookback = NOTHING
    _by_channel: dict[ChannelId, deque[datetime]] = field(default_factory=dict)
    _quiet: dict[ChannelId, list[Recent]] = field(default_factory=dict)

    def note(self, channel_id: ChannelId, at: datetime) -> None:
        """Somebody has entered a channel."""
        lookback = self.lookback
        if not lookback.channel_entries:
            return
        if channel_id not in self._quiet:
            self._quiet[channel_id] = [
                rush for rush in lookback.rushes if not self._is_rushed(channel_id, rush, at)
            ]
        entries = self._by_channel.setdefault(channel_id, deque())
        entries.append(at)
        if len(entries) > lookback.channel_entries:
            entries.popleft()

    def entry_at(self, channel_id: ChannelId, number: int) -> datetime | None:
        """When somebody entered the channel, the last time being 1."""
        entries = self._by_channel.get(channel_id, ())
        return entries[-number] if number <= len(entries) else None

    def turned(self, at: datetime) -> list[ChannelId]:
        """The channels of which some rule sees only now, at `at`, that many have come.

        That they are fewer again shows by time alone.
        """
        if not self._quiet:
            return []
        quiet, self._quiet = self._quiet, {}
        return [
            channel_id
            for channel_id, rushes in quiet.items()
            if any(self._is_rushed(channel_id, rush, at) for rush in rushes)
        ]

    def _is_rushed(self, channel_id: ChannelId, rush: Recent, at: datetime) -> bool:
        entries = self._by_channel.get(channel_id, ())
        return len(entries) >= rush.min and at - entries[-rush.min] < rush.within

    def recall(self, entries: Iterable[tuple[datetime, ChannelId]], lookback: Lookback) -> None:
        """Look back as far as that, on entries that are remembered of members, in any order."""
        self.lookback = lookback
        self._by_channel.clear()
        for at, channel_id in sorted(entries):
            self.note(channel_id, at)
        self._quiet.clear()

    def shift(self, moved: Callable[[datetime], datetime]) -> None:
        """Tell all instants anew: the wall clock was stepped."""
        for channel_id, entries in self._by_channel.items():
            self._by_channel[channel_id] = deque(map(moved, entries))

    def prune(self, at: datetime) -> None:
        """Forget channels that nobody has entered for as long as any rule looks back."""
        length = self.lookback.entries_for
        for channel_id in [
            each for each, entries in self._by_channel.items() if at - entries[-1] >= length
        ]:
            del self._by_channel[channel_id]
