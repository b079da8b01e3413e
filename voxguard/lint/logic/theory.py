"""What is known of the things that conditions name: who is on lists, when schedules open."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from voxguard.lint.logic.atoms import AT_LEAST, Atom, Clause, Clauses
from voxguard.lint.logic.clocks import changes_of
from voxguard.lint.logic.measures import OCCUPANCY, Used
from voxguard.lint.logic.opening import Calendar
from voxguard.model.ids import UserId
from voxguard.policy.lists import IdList
from voxguard.policy.resolved import GuildPolicy

_PLACES = 2
"""A member is in a channel and, with it, in at most one category."""

_DAY = timedelta(days=1)

_NOBODY_THERE = Atom(OCCUPANCY, 1, positive=False)

_LATEST = datetime.max.replace(tzinfo=UTC)


class Theory:
    """What is certain of a guild's lists and schedules at the instant of a run."""

    def __init__(self, policy: GuildPolicy, now: datetime) -> None:
        self._lists: Mapping[str, IdList] = policy.lists
        self.now = now
        self._exempts_bots = policy.exempt.bots
        self._empty: dict[str, bool] = {}
        self.calendar = Calendar(policy.schedules, now)
        self._names: dict[tuple[str, object], str] = {
            ("channel", number): name for name, number in policy.channels.items()
        } | {("role", number): name for name, number in policy.roles.items()}

    def is_empty(self, name: str) -> bool:
        """Whether nobody is on a list now, nor ever will be without an edit."""
        if name not in self._empty:
            found = self._lists[name]
            self._empty[name] = not len(found.permanent) and all(
                until_at <= self.now for until_at in found.expiring.values()
            )
        return self._empty[name]

    def why_not(self, atom: Atom) -> str | None:
        """Why nothing that the atom says is ever the case; None when it may be."""
        name = str(atom.value)
        if atom.kind == "list" and atom.positive and self.is_empty(name):
            return f"the list '{name}' is empty"
        if atom.kind == "schedule" and self.calendar.never((frozenset({atom}),)):
            state = "does not open any more" if atom.positive else "is always open"
            return f"the schedule '{name}' {state}"
        if atom == _NOBODY_THERE and self._exempts_bots:
            return "the member is there, and bots are exempt"
        if isinstance(atom.value, Used) and atom.positive:
            return self._why_never_used(atom.value)
        return None

    def _why_never_used(self, used: Used) -> str | None:
        """Why so much is never used in a span; None when it may be."""
        longest = timedelta(seconds=used.length)
        if used.zone:
            changes = changes_of(ZoneInfo(used.zone), self.now)
            repeated = (each.last - each.first for each in changes if not each.is_gap)
            longest = _DAY + max(repeated, default=timedelta())
        if timedelta(seconds=used.seconds) <= longest:
            return None
        return "so much time does not go into " + ("a day" if used.zone else "the time asked for")

    def is_certain(self, atom: Atom) -> bool:
        """Whether the atom is true of everybody at any time."""
        return self.why_not(atom.denied()) is not None

    def why_nobody(self, clauses: Clauses) -> str | None:
        """Why no member named meets what is said of lists and channels together."""
        named = [clause for clause in clauses if _all_of("member", clause) and _some(clause)]
        lists = [clause for clause in clauses if _all_of("list", clause)]
        if named and lists:
            ids = {atom.value for atom in min(named, key=len)}
            if not any(all(self._meets(int(str(each)), one) for one in lists) for each in ids):
                return "none of the members named is on the right lists"
        single = {atom for clause in clauses if len(clause) == 1 for atom in clause}
        places = [atom for atom in single if atom.kind == "channel" and atom.positive]
        if len(places) > _PLACES:
            return "nobody is in more than one channel and its category"
        scheduled = tuple(clause for clause in clauses if _all_of("schedule", clause))
        if len(scheduled) > 1 and self.calendar.never(scheduled):
            return "the schedules are never so at the same time"
        return None

    def _meets(self, user_id: int, clause: Clause) -> bool:
        # Who is on a list until some instant is out of it later, without an edit.
        return any(
            self._lists[str(atom.value)].contains(
                UserId(user_id), self.now if atom.positive else _LATEST
            )
            is atom.positive
            for atom in clause
        )

    def words(self, atom: Atom) -> str:
        """The thing that an atom is about, as people name it."""
        name = self._names.get((atom.kind, atom.value), atom.value)
        match atom.kind:
            case "bot":
                return "being a bot"
            case "channel" | "role" | "list" | "schedule" | "member" | "kind" | "state":
                return f"the {atom.kind} '{name}'"
            case _:
                return f"`{atom.kind.removesuffix(AT_LEAST).strip()}`"


def _all_of(kind: str, clause: Clause) -> bool:
    return all(atom.kind == kind for atom in clause)


def _some(clause: Clause) -> bool:
    return all(atom.positive for atom in clause)
