"""What names mean in one guild: its own scope first, then what all guilds share."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from zoneinfo import ZoneInfo

from voxguard.model.ids import ChannelId, RoleId
from voxguard.policy import checks
from voxguard.policy.lists import IdList
from voxguard.policy.places import Place
from voxguard.policy.report import Report
from voxguard.policy.schedules import Schedule
from voxguard.policy.values import id_of, shown

_FURTHEST = 3
_MOST = 300


def did_you_mean(name: str, known: Iterable[str]) -> str | None:
    """A hint that names what is close to a name; None when nothing is."""
    # Comparing takes 20 µs a name: with ten thousand names only some can be looked at.
    similar = (one for one in known if abs(len(one) - len(name)) <= _FURTHEST)
    close = difflib.get_close_matches(name, sorted(islice(similar, _MOST)), n=2, cutoff=0.7)
    return f"Did you mean {' or '.join(close)}?" if close else None


Way = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """The names of one guild, and its zone. A name whose definition is broken stands for None.

    A name stands at the end of a way from a place.

    With `complete` False a file could not be read, and a name that is not found may
    well be defined in it: that is then no problem of its own.
    """

    guild: str
    report: Report
    channels: Mapping[str, ChannelId]
    roles: Mapping[str, RoleId]
    lists: Mapping[str, IdList | None] = field(default_factory=dict)
    schedules: Mapping[str, Schedule | None] = field(default_factory=dict)
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    complete: bool = True

    def channel(self, name: str, place: Place, *way: str | int) -> ChannelId | None:
        """The channel or category that an alias or an id stands for."""
        found = self.channels.get(name)
        if found is None and (number := id_of(name)) is not None:
            return ChannelId(number)
        if found is None:
            self._dangling("channel", name, self.channels, place, way)
        return found

    def role(self, name: str, place: Place, *way: str | int) -> RoleId | None:
        """The role that an alias or an id stands for."""
        found = self.roles.get(name)
        if found is None and (number := id_of(name)) is not None:
            return RoleId(number)
        if found is None:
            self._dangling("role", name, self.roles, place, way)
        return found

    def list(self, name: str, place: Place, *way: str | int) -> IdList | None:
        """The list of this name."""
        if name not in self.lists and self.complete:
            self._dangling("list", name, self.lists, place, way)
        return self.lists.get(name)

    def schedule(self, name: str, place: Place, *way: str | int) -> Schedule | None:
        """The schedule of this name."""
        if name not in self.schedules and self.complete:
            self._dangling("schedule", name, self.schedules, place, way)
        return self.schedules.get(name)

    def _dangling(self, kind: str, name: str, known: Iterable[str], place: Place, way: Way) -> None:
        hint = None if self.report.is_full(place.file) else did_you_mean(name, known)
        message = f"There is no {kind} {shown(name)} in guild {self.guild}."
        at = place.follow(way)
        self.report.note_missing(kind, name, self.guild, at)
        self.report.error(checks.DANGLING, at, message, hint)
