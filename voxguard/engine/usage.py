"""How long a member was in certain channels, added up once for each stay."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from voxguard.engine.surroundings import Surroundings
from voxguard.model.ids import ChannelId
from voxguard.model.visits import Places

_NONE = timedelta()

MOST_SUMMED: Final = 2_000


@dataclass(frozen=True, slots=True)
class PastStay:
    """A stay that is over."""

    channel_id: ChannelId
    joined_at: datetime
    left_at: datetime


@dataclass(slots=True, eq=False)
class Sums:
    """The stays in some places, and what they come to from the first one up to each.

    Good for as long as the guild's channels are what they were (`layout`).
    """

    layout: int
    joined: list[datetime] = field(default_factory=list)
    left: list[datetime] = field(default_factory=list)
    upto: list[timedelta] = field(default_factory=list)

    def add(self, stay: PastStay) -> None:
        """One more, later than all before."""
        self.joined.append(stay.joined_at)
        self.left.append(stay.left_at)
        before = self.upto[-1] if self.upto else _NONE
        self.upto.append(before + (stay.left_at - stay.joined_at))

    def since(self, since_at: datetime) -> timedelta:
        """What the stays come to from an instant on."""
        first = bisect_right(self.left, since_at)
        if first == len(self.left):
            return _NONE
        total = self.upto[-1] - (self.upto[first - 1] if first else _NONE)
        return total - max(_NONE, since_at - self.joined[first])


@dataclass(slots=True, eq=False)
class Usage:
    """What was added up of one member, by the places that rules ask for."""

    _sums: dict[Places, Sums] = field(default_factory=dict)

    def clear(self) -> None:
        """Add up anew when somebody asks: the past is another."""
        self._sums.clear()

    def note(self, stay: PastStay, around: Surroundings) -> None:
        """Add one more stay up wherever it counts."""
        for places, sums in list(self._sums.items()):
            if len(sums.left) > MOST_SUMMED:
                # What is older than any span goes when it is added up anew.
                del self._sums[places]
            elif sums.layout == around.layout and _counts(places, stay, around):
                sums.add(stay)

    def since(
        self, places: Places, since_at: datetime, stays: Iterable[PastStay], around: Surroundings
    ) -> timedelta:
        """How long the member was in these places from an instant on, in stays that are over."""
        sums = self._sums.get(places)
        if sums is None or sums.layout != around.layout:
            sums = self._sums[places] = Sums(around.layout)
            for stay in stays:
                if _counts(places, stay, around):
                    sums.add(stay)
        return sums.since(since_at)


def _counts(places: Places, stay: PastStay, around: Surroundings) -> bool:
    return places.include(stay.channel_id, *around.look_up(stay.channel_id))
