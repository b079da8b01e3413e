"""A schedule: windows and exceptions in a zone, and whether it is open at an instant."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Final
from zoneinfo import ZoneInfo

from voxguard.policy.schedules.windows import Window

FIRST_AT: Final = datetime(1970, 1, 1, tzinfo=UTC)
LAST_AT: Final = datetime(2200, 1, 1, tzinfo=UTC)

# Boundaries that one search may cross without a flip; some 50 µs each.
_BUDGET: Final = 150


@dataclass(frozen=True, slots=True)
class Openness:
    """Whether a schedule is open, and for how long that is known.

    `until` is the first instant after the asked one at which openness flips. It is None
    if there is none, and also if none was found within the search's bounds.
    `ask_again_at` tells these apart: openness is the same for every instant before it.
    It is `until` where there is one, otherwise where the search stopped, and None when
    nothing changes any more.
    """

    is_open: bool
    until: datetime | None
    ask_again_at: datetime | None


@dataclass(frozen=True, slots=True)
class Schedule:
    """Open when any window is open and no exception is.

    Answers are a pure function of the instant; the last one is kept because it is asked
    for again and again. Time is understood from 1970 to 2200 (`FIRST_AT`, `LAST_AT`):
    before and after, all is as at the nearer end.

    A search for the next flip ends at a border of a fixed grid, the wider the more
    seldom the schedule's boundaries are (at most the second border ahead, an hour to
    decades apart). So one that never flips, like `0 * * * *` for one hour, costs
    milliseconds, and the answer does not depend on what was asked before.

    Raises:
        ValueError: there is no window.
    """

    zone: ZoneInfo
    windows: tuple[Window, ...]
    exceptions: tuple[Window, ...] = ()
    _stride: timedelta = field(init=False, repr=False, compare=False)
    _memo: tuple[datetime, datetime, Openness] | None = field(
        default=None, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        if not self.windows:
            raise ValueError("a schedule needs at least one window")
        per_day = sum(window.per_day for window in chain(self.windows, self.exceptions))
        hours = (LAST_AT - FIRST_AT) // timedelta(hours=1)
        if per_day:
            hours = int(max(1, min(hours, 24 * _BUDGET / per_day)))
        object.__setattr__(self, "_stride", timedelta(hours=hours))

    def at(self, instant: datetime) -> Openness:
        """Whether it is open at an instant, and until when."""
        memo = self._memo
        if memo is not None and memo[0] <= instant < memo[1]:
            return memo[2]
        asked_at = min(max(instant, FIRST_AT), LAST_AT).astimezone(UTC)
        border = (asked_at - FIRST_AT) // self._stride + 1
        here = min(FIRST_AT + border * self._stride, LAST_AT)
        limit = min(here + self._stride, LAST_AT)
        is_open, until = self._search(asked_at, limit)
        if until is not None:
            openness, valid_until = Openness(is_open, until, until), until
        else:
            # Past the next border the search would have gone on.
            later = limit if limit < LAST_AT else None
            openness, valid_until = Openness(is_open, None, later), here
        # One store of one immutable tuple: a thread sees the old or the new answer.
        object.__setattr__(self, "_memo", (asked_at, valid_until, openness))
        return openness

    def canonical(self) -> dict[str, object]:
        """Its meaning as plain JSON values: equal for reordered and repeated windows."""
        return {
            "timezone": self.zone.key,
            "windows": _as_set(self.windows),
            "except": _as_set(self.exceptions),
        }

    def _search(self, asked_at: datetime, limit: datetime) -> tuple[bool, datetime | None]:
        now = asked_at
        every = (*self.windows, *self.exceptions)
        states = [window.state(now, self.zone, limit) for window in every]
        is_open = self._combined(states)
        while True:
            now = min((change for _, change in states if change is not None), default=limit)
            if now >= limit:
                return is_open, None
            states = [
                window.state(now, self.zone, limit) if state[1] == now else state
                for window, state in zip(every, states, strict=True)
            ]
            if self._combined(states) != is_open:
                return is_open, now

    def _combined(self, states: list[tuple[bool, datetime | None]]) -> bool:
        count = len(self.windows)
        return any(is_open for is_open, _ in states[:count]) and not any(
            is_open for is_open, _ in states[count:]
        )


def _as_set(windows: Iterable[Window]) -> list[list[object]]:
    unique = {repr(window.canonical()): window.canonical() for window in windows}
    return [unique[key] for key in sorted(unique)]
