"""Fuses: a rule that acts on too many members at once is taken for a mistake and only observes."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from voxguard.engine.index import IndexedRule
from voxguard.model.decisions import Mode
from voxguard.model.ids import UserId
from voxguard.model.limits import Fuse


@dataclass(slots=True, eq=False)
class _Counter:
    """The members that one rule has acted on lately, the longest ago first."""

    meaning: str
    members: dict[UserId, datetime] = field(default_factory=dict)

    def admits(self, fuse: Fuse, user_id: UserId, at: datetime) -> bool:
        """Whether the rule may act on the member; when it may, they are counted."""
        members = self.members
        for member, acted_at in list(members.items()):
            if at - acted_at < fuse.within:
                break
            del members[member]
        if user_id not in members and len(members) >= fuse.members:
            return False
        members.pop(user_id, None)
        members[user_id] = at
        return True


@dataclass(slots=True, eq=False)
class Fuses:
    """The fuses of one guild's rules.

    They count where `active` is set: in the daemon, and not in tests and simulations.
    """

    active: bool = False
    _counters: dict[str, _Counter] = field(default_factory=dict)
    _blown: dict[str, tuple[IndexedRule, datetime]] = field(default_factory=dict)

    @property
    def blown(self) -> dict[str, datetime]:
        """The rules that observe because of their fuse, and since when."""
        return {name: at for name, (_, at) in self._blown.items()}

    @property
    def blown_count(self) -> int:
        """How many of them are blown."""
        return len(self._blown)

    def counts(self, rule: IndexedRule) -> bool:
        """Whether what the rule does is counted at all."""
        return self.active and rule.fuse is not None and rule.mode is Mode.ENFORCE

    def observing(self, rule: str) -> IndexedRule | None:
        """A rule whose fuse is blown, as one that observes; None while it is whole."""
        blown = self._blown.get(rule)
        return None if blown is None else blown[0]

    def admits(self, rule: IndexedRule, user_id: UserId, at: datetime) -> bool:
        """Whether the rule may act on one more member; the one too many blows the fuse."""
        if rule.fuse is None:
            return True
        counter = self._counters.get(rule.name)
        if counter is None or counter.meaning != rule.meaning:
            counter = self._counters[rule.name] = _Counter(rule.meaning)
        if counter.admits(rule.fuse, user_id, at):
            return True
        self._blown[rule.name] = (replace(rule, mode=Mode.OBSERVE, fused=True), at)
        return False

    def reset(self, rule: str) -> bool:
        """Let a rule act again; whether its fuse was blown."""
        self._counters.pop(rule, None)
        return self._blown.pop(rule, None) is not None

    def keep(self, rules: Iterable[IndexedRule]) -> None:
        """Take up another revision: whatever has another text begins with a whole fuse."""
        meanings = {rule.name: rule.meaning for rule in rules}
        # A fuse that is blown has counted before.
        for name, counter in list(self._counters.items()):
            if meanings.get(name) != counter.meaning:
                self.reset(name)
