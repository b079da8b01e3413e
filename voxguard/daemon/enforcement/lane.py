"""Wants of one guild that go by one route and count to the same budgets, the soonest first."""

import heapq
from collections.abc import Iterable

from voxguard.daemon.enforcement.allowance import Allowance
from voxguard.daemon.enforcement.buckets import Buckets
from voxguard.daemon.enforcement.desk import Desk
from voxguard.daemon.enforcement.kinds import BucketKey, Standing
from voxguard.daemon.enforcement.settling import Settling
from voxguard.daemon.enforcement.wants import Want
from voxguard.model.decisions import Outcome

# The count keeps wants from being compared.
Entry = tuple[Standing, int, Want, Desk]


class Lane:
    """A heap of wants with what all of them wait for: a bucket and perhaps budgets."""

    def __init__(
        self, buckets: Buckets, bucket_key: BucketKey, allowances: Iterable[Allowance]
    ) -> None:
        """Begin with nothing in it."""
        self._buckets = buckets
        self._bucket_key = bucket_key
        self._allowances = tuple(allowances)
        self._heap: list[Entry] = []
        self._count = 0
        self._untold: dict[Want, Desk] = {}

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits."""
        return not self._heap

    @property
    def head(self) -> Standing:
        """The standing of what is next."""
        return self._heap[0][0]

    def push(self, want: Want, desk: Desk) -> None:
        """Let a want wait here."""
        want.lane = self
        self._count += 1
        heapq.heappush(self._heap, (want.standing, self._count, want, desk))
        if self._allowances:
            self._untold[want] = desk

    def pop(self) -> tuple[Want, Desk]:
        """Take what is next."""
        _, _, want, desk = heapq.heappop(self._heap)
        self._untold.pop(want, None)
        if want.lane is self:
            want.lane = None
        return want, desk

    def free_at(self, now: float) -> float:
        """When something may go by here."""
        free_at = self._buckets.of(self._bucket_key).free_at(now)
        return max(free_at, self._within_budget_at(now))

    def tell(self, settling: Settling, now: float) -> None:
        """Say of what waits here because a budget is used up that it is deferred."""
        if self._untold and self._within_budget_at(now) > now:
            for want, desk in self._untold.items():
                if desk.holds(want):
                    settling.passing(want, Outcome.DEFERRED)
            self._untold.clear()

    def _within_budget_at(self, now: float) -> float:
        return max((each.free_at(now) for each in self._allowances), default=now)
