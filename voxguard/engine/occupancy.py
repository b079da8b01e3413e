"""How many people are connected to each channel, counted as they come and go."""

from collections.abc import Collection
from dataclasses import dataclass, field

from voxguard.model.ids import ChannelId, UserId

_NOBODY: frozenset[UserId] = frozenset()


@dataclass(slots=True, eq=False)
class Occupancy:
    """The counts of one guild; bots are present and are not counted.

    Nothing is counted before `active` is set, since most guilds have no rule that asks.
    `humans` has the channels in which there are any. It stays the same object, so that
    members can look their own channel up in it.
    """

    active: bool = False
    humans: dict[ChannelId, int] = field(default_factory=dict)
    _present: dict[ChannelId, set[UserId]] = field(default_factory=dict)
    _places: dict[UserId, tuple[ChannelId, bool]] = field(default_factory=dict)
    _before: dict[ChannelId, int] = field(default_factory=dict)

    def begin(self, *, active: bool) -> None:
        """Count from nothing, or do not count at all."""
        self.active = active
        for counted in (self.humans, self._present, self._places, self._before):
            counted.clear()

    def place(self, user_id: UserId, channel_id: ChannelId | None, *, bot: bool) -> None:
        """Say where a user is now, None for out of voice; saying it again changes nothing."""
        before = self._places.get(user_id)
        now = None if channel_id is None else (channel_id, bot)
        if before == now:
            return
        if before is not None:
            del self._places[user_id]
            present = self._present[before[0]]
            present.discard(user_id)
            if not present:
                del self._present[before[0]]
            self._count(*before, -1)
        if now is not None:
            self._places[user_id] = now
            self._present.setdefault(now[0], set()).add(user_id)
            self._count(*now, 1)

    def present(self, channel_id: ChannelId) -> Collection[UserId]:
        """Everybody who is connected to a channel, bots as well."""
        return self._present.get(channel_id, _NOBODY)

    def turned(self, crowds: Collection[int]) -> list[ChannelId]:
        """The channels whose count has reached or left one of these since this was last asked."""
        if not self._before:
            return []
        found = []
        for channel_id, before in self._before.items():
            now = self.humans.get(channel_id, 0)
            if any((before < crowd) is not (now < crowd) for crowd in crowds):
                found.append(channel_id)
        self._before.clear()
        return found

    def _count(self, channel_id: ChannelId, bot: bool, change: int) -> None:  # noqa: FBT001 - a pair's half
        if bot:
            return
        count = self.humans.get(channel_id, 0)
        self._before.setdefault(channel_id, count)
        if count + change:
            self.humans[channel_id] = count + change
        else:
            del self.humans[channel_id]
