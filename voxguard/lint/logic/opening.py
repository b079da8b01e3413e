"""Whether schedules are ever open, alone or together, from an instant on."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from voxguard.lint.logic.atoms import Clauses
from voxguard.policy.schedules import LAST_AT, Schedule

AHEAD = timedelta(days=400)
"""So much must have been looked at before something is said never to happen."""

# Boundaries that one search looks at, and all of a guild together; some 50 µs each. A
# schedule that says itself that it has looked far and found nothing has taken many more.
_MOST_STEPS = 2_000
_MOST_OF_ALL = 20_000
_LONG_LOOK = 40


class Calendar:
    """The schedules of a guild and what was found out about them so far."""

    def __init__(self, schedules: Mapping[str, Schedule], now: datetime) -> None:
        self._schedules = schedules
        self._now = now
        self._known: dict[frozenset[object], bool] = {}
        self._left = _MOST_OF_ALL

    def never(self, clauses: Clauses) -> bool:
        """Whether no instant in sight meets all these clauses about schedules.

        In sight is what a number of boundaries reaches, and 400 days at least; where
        that is too much work nothing is said.
        """
        key = frozenset(clauses)
        if key not in self._known:
            self._known[key] = self._search(clauses)
        return self._known[key]

    def _search(self, clauses: Clauses) -> bool:
        names = sorted({str(atom.value) for clause in clauses for atom in clause})
        at = self._now
        left = min(_MOST_STEPS, self._left)
        while left > 0:
            found = {name: self._schedules[name].at(at) for name in names}
            long = sum(one.until is None for one in found.values())
            cost = 1 + _LONG_LOOK * long
            left, self._left = left - cost, self._left - cost
            if all(
                any(found[str(atom.value)].is_open is atom.positive for atom in clause)
                for clause in clauses
            ):
                return False
            changes = [one.ask_again_at for one in found.values() if one.ask_again_at is not None]
            at = min(changes, default=LAST_AT)
            if at >= LAST_AT:
                return True
        return at - self._now >= AHEAD
