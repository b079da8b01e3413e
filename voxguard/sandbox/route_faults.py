"""What goes wrong on single routes of REST: refusals that are played, slowness, lost answers."""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum


class RouteTrouble(StrEnum):
    """How a call fares: answered with a 429 of a scope or a 403, late, or done and not answered."""

    USER_LIMIT = "429 user"
    GLOBAL_LIMIT = "429 global"
    SHARED_LIMIT = "429 shared"
    FORBIDDEN = "403"
    SLOW = "slow"
    LOST_ANSWER = "lost answer"

    @property
    def is_limit(self) -> bool:
        """Whether the call is answered with 429."""
        return self.value.startswith("429")


@dataclass(slots=True)
class RouteFault:
    """A trouble and what it befalls: a bucket's routes, bodies with a field, so many calls yet.

    None stands for every route, every body, and until it is ended. `seconds` is what a 429
    asks to wait, or how long a slow call waits; up to `jitter` are added by chance to the latter.
    """

    how: RouteTrouble
    route: str | None = None
    field: str | None = None
    seconds: float = 1.0
    jitter: float = 0.0
    left: int | None = None

    def befalls(self, route: str, body: object) -> bool:
        """Whether a call of this bucket with this body is one of those."""
        has_field = self.field is None or (isinstance(body, dict) and self.field in body)
        return self.left != 0 and self.route in {None, route} and has_field


@dataclass(slots=True)
class RouteFaults:
    """The faults that are set; `chance` gives a number from 0 to 1."""

    chance: Callable[[], float] = random.random
    _faults: list[RouteFault] = field(default_factory=list)

    def add(self, fault: RouteFault) -> None:
        """Let it befall calls from now on."""
        self._faults.append(fault)

    def end(self, route: str | None = None) -> None:
        """End those of a bucket, or all of them."""
        self._faults = [each for each in self._faults if route is not None and each.route != route]

    def take(self, route: str, body: object) -> list[RouteFault]:
        """What befalls a call: of each trouble the fault that was set first, counted."""
        found: dict[RouteTrouble, RouteFault] = {}
        for fault in self._faults:
            if fault.befalls(route, body):
                found.setdefault(fault.how, fault)
        for fault in found.values():
            if fault.left is not None:
                fault.left -= 1
        return list(found.values())

    def wait_seconds(self, faults: Iterable[RouteFault]) -> float:
        """How long a call waits before it is looked at."""
        slow = (each for each in faults if each.how is RouteTrouble.SLOW)
        return sum(each.seconds + self.chance() * each.jitter for each in slow)
