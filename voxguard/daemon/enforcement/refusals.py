"""What Discord does not permit in a guild: stop asking, and try again now and then."""

import math
from dataclasses import dataclass, field

from voxguard.daemon.enforcement.kinds import NEVER_PAUSED, Kind

REFUSALS_UNTIL_PAUSE = 3
PAUSE_SECONDS = 60.0

SHORTEST_PAUSE_SECONDS = 5.0
"""How often is asked at most where roles and channels change all the time."""


@dataclass(slots=True)
class _Kind:
    failures: int = 0
    # Until one has worked, no more are under way than may be refused before the pause.
    proven: bool = False
    under_way: int = 0
    paused_until: float | None = None
    refused_at: float = -math.inf
    waiting: set[int] = field(default_factory=set)


class Refusals:
    """The kinds of edit of one guild, each open, or paused and then probed by one request."""

    def __init__(self) -> None:
        """Begin with everything permitted as far as we know."""
        self._kinds = {kind: _Kind() for kind in Kind}

    def allows(self, kind: Kind, now: float) -> bool:
        """Whether a request of this kind may go now."""
        if kind in NEVER_PAUSED:
            return True
        state = self._kinds[kind]
        if state.paused_until is not None:
            return now >= state.paused_until and state.under_way == 0
        return state.proven or state.failures + state.under_way < REFUSALS_UNTIL_PAUSE

    def is_paused(self, kind: Kind) -> bool:
        """Whether the kind was refused too often; also while a probe is under way."""
        return self._kinds[kind].paused_until is not None

    @property
    def paused(self) -> list[Kind]:
        """The kinds that are paused."""
        return [kind for kind in Kind if self.is_paused(kind)]

    def wait(self, kind: Kind, user_id: int) -> None:
        """Note who waits for the kind."""
        self._kinds[kind].waiting.add(user_id)

    def take_waiting(self, kind: Kind) -> list[int]:
        """Who is to be looked at again."""
        waiting = sorted(self._kinds[kind].waiting)
        self._kinds[kind].waiting.clear()
        return waiting

    def sent(self, kind: Kind) -> None:
        """A request of this kind has gone."""
        self._kinds[kind].under_way += 1

    def unsettled(self, kind: Kind) -> None:
        """An answer has come that says nothing about permissions."""
        self._kinds[kind].under_way -= 1

    def permitted(self, kind: Kind) -> None:
        """Discord did it, so it is permitted."""
        state = self._kinds[kind]
        state.under_way -= 1
        state.failures = 0
        state.proven = True
        state.paused_until = None

    def forbidden(self, kind: Kind, now: float) -> float | None:
        """Discord answered 403; the end of the pause that this begins, if it does."""
        state = self._kinds[kind]
        state.under_way -= 1
        state.failures += 1
        state.proven = False
        state.refused_at = now
        if state.failures < REFUSALS_UNTIL_PAUSE or kind in NEVER_PAUSED:
            return None
        state.paused_until = now + PAUSE_SECONDS
        return state.paused_until

    def changed(self) -> None:
        """Permissions may be others now: each paused kind may be probed, but not all the time."""
        for state in self._kinds.values():
            if state.paused_until is not None:
                soon = state.refused_at + SHORTEST_PAUSE_SECONDS
                state.paused_until = min(state.paused_until, soon)

    def paused_until(self, kind: Kind) -> float | None:
        """When a kind that is paused may be probed."""
        return self._kinds[kind].paused_until
