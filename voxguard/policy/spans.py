"""Spans over which used time is added up: a calendar day, or the time just past."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from voxguard.policy.schedules import reached_wall, resolve_wall

_LONGEST_DAY: Final = timedelta(hours=50)
"""A day has 23 to 25 hours, but where a country went over the date line."""

_ONE_DAY: Final = timedelta(days=1)
_SECOND: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Day:
    """The day on the clocks of a zone, from local midnight to the next.

    The last one is kept, because it is asked for again and again.
    """

    zone: ZoneInfo
    _memo: tuple[datetime, datetime] | None = field(
        default=None, init=False, repr=False, compare=False
    )

    def begins_at(self, at: datetime) -> datetime:
        """The local midnight by which the day of an instant has begun."""
        return self._bounds(at)[0]

    def ends_at(self, at: datetime) -> datetime:
        """The next local midnight, at which nothing has been used yet."""
        return self._bounds(at)[1]

    def _bounds(self, at: datetime) -> tuple[datetime, datetime]:
        memo = self._memo
        if memo is not None and memo[0] <= at < memo[1]:
            return memo
        # What the clock has shown at the latest: in an hour that is repeated around midnight
        # the new day goes on.
        midnight = datetime.combine(reached_wall(at, self.zone).date(), time())
        memo = (
            resolve_wall(midnight, self.zone),
            resolve_wall(midnight + _ONE_DAY, self.zone),
        )
        # One store of one immutable tuple, as in a schedule.
        object.__setattr__(self, "_memo", memo)
        return memo

    @property
    def length(self) -> timedelta:
        """How far it reaches back at most."""
        return _LONGEST_DAY

    def canonical(self) -> object:
        """That it is a day, and in which zone."""
        return ["day", self.zone.key]


@dataclass(frozen=True, slots=True)
class Rolling:
    """The time just past, of a certain length."""

    length: timedelta

    def canonical(self) -> object:
        """The length in seconds."""
        return self.length // _SECOND


Span = Day | Rolling
