"""The three forms of a window, each a function of time in a zone.

All are half-open: a window includes its start and excludes its end.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from voxguard.policy.schedules.cron import Cron
from voxguard.policy.schedules.zones import reached_wall, resolve_wall

# A century: far beyond use, and what still adds to any instant without overflow.
_LONGEST: Final = timedelta(days=36_525)
# Where dates of single windows are cut off; a day or two outside what is ever asked.
_FIRST_WALL: Final = datetime(1969, 12, 30)  # noqa: DTZ001 - wall-clock time has no offset
_LAST_WALL: Final = datetime(2200, 1, 3)  # noqa: DTZ001 - as above


@dataclass(frozen=True, slots=True)
class CronToCron:
    """Open when its latest start is later than its latest end.

    At the same instant the end wins. As long as no end ever came it is open from its
    first start.
    """

    start: Cron
    end: Cron

    @property
    def per_day(self) -> float:
        """An estimate of its boundaries a day."""
        return self.start.per_day + self.end.per_day

    def canonical(self) -> list[object]:
        """Its meaning as plain JSON values."""
        return ["cron-to-cron", self.start.canonical, self.end.canonical]

    def state(
        self, instant: datetime, zone: ZoneInfo, limit: datetime
    ) -> tuple[bool, datetime | None]:
        """Whether it is open, and when that next changes; None if not before `limit`."""
        started = _last(self.start, instant, zone)
        ended = _last(self.end, instant, zone)
        if started is not None and (ended is None or started > ended):
            return True, _next(self.end, instant, zone)
        start = _next(self.start, instant, zone)
        while start is not None and start < limit:
            if _last(self.end, start, zone) != start:
                return False, start
            start = _next(self.start, start, zone)
        return False, None


@dataclass(frozen=True, slots=True)
class CronFor:
    """Open for `length` of elapsed time from each start; open while any of these runs.

    Raises:
        ValueError: the length is not positive, or longer than a century.
    """

    start: Cron
    length: timedelta

    def __post_init__(self) -> None:
        if self.length <= timedelta():
            raise ValueError("the length of a window must be positive")
        if self.length > _LONGEST:
            raise ValueError(
                "a window lasts at most 36525 days; for ever is a cron that never ends"
            )

    @property
    def per_day(self) -> float:
        """An estimate of its boundaries a day."""
        return self.start.per_day

    def canonical(self) -> list[object]:
        """Its meaning as plain JSON values, the length in seconds."""
        return ["cron-for", self.start.canonical, self.length.total_seconds()]

    def state(
        self, instant: datetime, zone: ZoneInfo, limit: datetime
    ) -> tuple[bool, datetime | None]:
        """Whether it is open, and when that next changes; None if not before `limit`."""
        started = _last(self.start, instant, zone)
        if started is None or started + self.length <= instant:
            return False, _next(self.start, instant, zone)
        while started + self.length < limit:
            end = started + self.length
            again = _last(self.start, end, zone)
            if again is None or again == started:
                return True, end
            started = again
        return True, None


@dataclass(frozen=True, slots=True)
class Once:
    """Open from one wall-clock time to another; dates beyond 1970 to 2200 are cut off.

    Raises:
        ValueError: a time has an offset, or the window ends before it starts.
    """

    from_: datetime
    to: datetime

    def __post_init__(self) -> None:
        if self.from_.tzinfo is not None or self.to.tzinfo is not None:
            raise ValueError(
                "`from` and `to` are wall-clock times in the schedule's time zone: "
                "write them without an offset"
            )
        if self.from_ >= self.to:
            raise ValueError(
                f"`from` ({self.from_.isoformat()}) must be before `to` ({self.to.isoformat()})"
            )

    @property
    def per_day(self) -> float:
        """An estimate of its boundaries a day."""
        return 0.0

    def canonical(self) -> list[object]:
        """Its meaning as plain JSON values."""
        return ["once", self.from_.isoformat(), self.to.isoformat()]

    def state(
        self, instant: datetime, zone: ZoneInfo, limit: datetime
    ) -> tuple[bool, datetime | None]:
        """Whether it is open, and when that next changes; None if not before `limit`."""
        starts, ends = (
            resolve_wall(min(max(wall, _FIRST_WALL), _LAST_WALL), zone)
            for wall in (self.from_, self.to)
        )
        is_open = starts <= instant < ends
        change = ends if is_open else starts
        # Both ends in one gap are one instant: then there is nothing to open.
        if starts == ends or change <= instant or change >= limit:
            return is_open, None
        return is_open, change


Window = CronToCron | CronFor | Once


def _last(cron: Cron, instant: datetime, zone: ZoneInfo) -> datetime | None:
    """The latest instant up to and including `instant` at which it fires."""
    wall = cron.last_until(reached_wall(instant, zone))
    return None if wall is None else resolve_wall(wall, zone)


def _next(cron: Cron, instant: datetime, zone: ZoneInfo) -> datetime | None:
    """The first instant after `instant` at which it fires."""
    wall = cron.next_after(reached_wall(instant, zone))
    return None if wall is None else resolve_wall(wall, zone)
