"""Fuses: a rule that acts on too many members at once is taken for a mistake and only observes."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from voxguard.engine.index import IndexedRule
from voxguard.model.decisions import Mode
from voxguard.model.ids import UserId
from voxguard.model.limits import Fuse


@dataclass(slots=True, eq=False)
class FuseCounter:
    """The members that one rule has acted on lately, the longest ago first.

    `blown_at` is the instant of the member who was one too many; what is counted then stays
    as it was.
    """

    meaning: str
    members: dict[UserId, datetime] = field(default_factory=dict)
    blown_at: datetime | None = None
    within: timedelta = timedelta.max

    def prune(self, at: datetime) -> bool:
        """Forget who does not count any more; whether that is everybody."""
        if self.blown_at is None:
            for member, acted_at in list(self.members.items()):
                if at - acted_at < self.within:
                    break
                del self.members[member]
        return not self.members

    def admits(self, fuse: Fuse, user_id: UserId, at: datetime) -> bool:
        """Whether the rule may act on the member; when it may, they are counted."""
        members = self.members
        if user_id not in members and len(members) >= fuse.members:
            return False
        members.pop(user_id, None)
        members[user_id] = at
        return True


@dataclass(slots=True, eq=False)
class Fuses:
    """The fuses of one guild's rules.

    They count where `active` is set: in the daemon, and not in tests and simulations.
    `changes` is another number whenever what has to be remembered is something else.
    """

    active: bool = False
    changes: int = 0
    _counters: dict[str, FuseCounter] = field(default_factory=dict)
    _observing: dict[str, IndexedRule] = field(default_factory=dict)

    @property
    def counters(self) -> Mapping[str, FuseCounter]:
        """What is counted of each rule that has acted, to be read only."""
        return self._counters

    @property
    def blown(self) -> dict[str, datetime]:
        """The rules that observe because of their fuse, and since when."""
        return {
            name: each.blown_at
            for name, each in self._counters.items()
            if each.blown_at is not None
        }

    @property
    def blown_count(self) -> int:
        """How many of them are blown."""
        return len(self._observing)

    def counts(self, rule: IndexedRule) -> bool:
        """Whether what the rule does is counted at all."""
        return self.active and rule.fuse is not None and rule.mode is Mode.ENFORCE

    def observing(self, rule: str) -> IndexedRule | None:
        """A rule whose fuse is blown, as one that observes; None while it is whole."""
        return self._observing.get(rule)

    def admits(self, rule: IndexedRule, user_id: UserId, at: datetime) -> bool:
        """Whether the rule may act on one more member; the one too many blows the fuse."""
        if rule.fuse is None:
            return True
        # All of them, so that what is remembered is what counts.
        for name, each in list(self._counters.items()):
            if each.prune(at):
                del self._counters[name]
        counter = self._counters.get(rule.name)
        if counter is None or counter.meaning != rule.meaning:
            counter = FuseCounter(rule.meaning, within=rule.fuse.within)
            self._counters[rule.name] = counter
        self.changes += 1
        if counter.admits(rule.fuse, user_id, at):
            return True
        counter.blown_at = at
        self._observing[rule.name] = _observer(rule)
        return False

    def reset(self, rule: str) -> bool:
        """Let a rule act again, counting from nothing; whether its fuse was blown."""
        self.changes += self._counters.pop(rule, None) is not None
        return self._observing.pop(rule, None) is not None

    def restore(self, counters: Mapping[str, FuseCounter]) -> None:
        """Go on with what an earlier run has counted, as far as the rules mean the same.

        What they mean is known with the next revision: see `keep`.
        """
        self._counters.update(counters)

    def shift(self, moved: Callable[[datetime], datetime]) -> None:
        """Tell all instants anew: the wall clock was stepped."""
        for counter in self._counters.values():
            self.changes += 1
            counter.members = {user_id: moved(at) for user_id, at in counter.members.items()}
            if counter.blown_at is not None:
                counter.blown_at = moved(counter.blown_at)

    def keep(self, rules: Iterable[IndexedRule]) -> None:
        """Take up another revision: whatever has another text begins with a whole fuse."""
        by_name = {rule.name: rule for rule in rules}
        # A fuse that is blown has counted before.
        for name, counter in list(self._counters.items()):
            rule = by_name.get(name)
            if rule is None or rule.meaning != counter.meaning or rule.fuse is None:
                self.reset(name)
                continue
            counter.within = rule.fuse.within
            if counter.blown_at is not None and name not in self._observing:
                self._observing[name] = _observer(rule)


def _observer(rule: IndexedRule) -> IndexedRule:
    return replace(rule, mode=Mode.OBSERVE, fused=True)
