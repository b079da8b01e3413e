"""From compiled conditions to clauses."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from math import prod
from typing import Any

from voxguard.lint.logic import measures
from voxguard.lint.logic.atoms import Atom, Clause, Clauses
from voxguard.lint.logic.implication import is_met_by_all
from voxguard.model.ids import GuildId
from voxguard.model.world import ChannelKind
from voxguard.policy.conditions.base import Condition
from voxguard.policy.conditions.bot import IsBot
from voxguard.policy.conditions.channels import InChannels
from voxguard.policy.conditions.kinds import OfKinds
from voxguard.policy.conditions.lists import InLists
from voxguard.policy.conditions.members import IsMember
from voxguard.policy.conditions.roles import HasRoles
from voxguard.policy.conditions.schedule import IsOpen
from voxguard.policy.conditions.state import HasState

_CONNECTABLE = frozenset({ChannelKind.VOICE.value, ChannelKind.STAGE.value})

_MOST = 64
"""Clauses that the opposite of a block may have; a larger one is compared as a whole."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a guild adds to what is written: its id as a role, and lists inside of lists.

    `inside` are all lists that a list includes, over any number of steps.
    """

    guild_id: GuildId
    inside: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def clauses(self, conditions: Iterable[Condition]) -> Iterator[tuple[str, Clause]]:
        """The clauses of conditions that must all match, each with its condition's path."""
        for condition in conditions:
            for clause in _CLAUSES[type(condition)](condition):
                if not _is_always_met(clause, self.guild_id):
                    yield condition.path, clause - {_everybody(self.guild_id).denied()}

    def opposite(self, conditions: tuple[Condition, ...]) -> Clauses:
        """The clauses that are met exactly when the conditions do not all match."""
        clauses = [clause for _, clause in self.clauses(conditions)]
        if prod(map(len, clauses)) > _MOST:
            meaning = repr(sorted(map(sorted, clauses)))
            return (frozenset({Atom("unless", meaning, positive=False)}),)
        found = (frozenset(atom.denied() for atom in choice) for choice in product(*clauses))
        return tuple(clause for clause in found if not is_met_by_all(clause))

    def widened(self, clauses: Clauses) -> Clauses:
        """Clauses of the same meaning, with each atom also those that it follows from."""
        return tuple(clause.union(*(self._stronger(atom) for atom in clause)) for clause in clauses)

    def _stronger(self, atom: Atom) -> Iterator[Atom]:
        """What the atom follows from."""
        return (each.denied() for each in self.consequences(atom.denied()))

    def consequences(self, atom: Atom) -> Iterator[Atom]:
        """What follows from the atom: who is on a list, for one, is on those around it."""
        if atom.kind != "list":
            yield from measures.consequences(atom)
            return
        if atom.positive:
            for outer, inner in self.inside.items():
                if atom.value in inner:
                    yield Atom("list", outer)
        else:
            for name in sorted(self.inside.get(str(atom.value), ())):
                yield Atom("list", name, positive=False)


def _everybody(guild_id: GuildId) -> Atom:
    return Atom("role", guild_id)


def _is_always_met(clause: Clause, guild_id: GuildId) -> bool:
    if _everybody(guild_id) in clause:
        return True
    kinds = {atom.value for atom in clause if atom.kind == "kind" and atom.positive}
    return kinds >= _CONNECTABLE or is_met_by_all(clause)


def _names(
    kind: str,
    any_of: Iterable[int | str] | None,
    all_of: Iterable[int | str],
    none_of: Iterable[int | str],
) -> Iterator[Clause]:
    if any_of is not None:
        yield frozenset(Atom(kind, value) for value in any_of)
    for value in all_of:
        yield frozenset({Atom(kind, value)})
    for value in none_of:
        yield frozenset({Atom(kind, value, positive=False)})


def _lists(condition: InLists) -> Iterator[Clause]:
    sets = condition.sets
    any_of = None if sets.any is None else [one.name for one in sets.any]
    names = ([one.name for one in some] for some in (sets.all, sets.none))
    return _names("list", any_of, *names)


def _schedules(condition: IsOpen) -> Iterator[Clause]:
    sets = condition.sets
    any_of = None if sets.any is None else [name for name, _ in sets.any]
    names = ([name for name, _ in some] for some in (sets.all, sets.none))
    return _names("schedule", any_of, *names)


def _state(condition: HasState) -> Iterator[Clause]:
    return (frozenset({Atom("state", flag, wanted)}) for flag, wanted in condition.flags)


_CLAUSES: Mapping[type[Condition], Callable[[Any], Iterable[Clause]]] = {
    InLists: _lists,
    IsOpen: _schedules,
    HasState: _state,
    HasRoles: lambda one: _names("role", one.any, sorted(one.all), sorted(one.none)),
    InChannels: lambda one: _names("channel", one.any, sorted(one.all), sorted(one.none)),
    IsMember: lambda one: _names("member", one.ids, (), ()),
    OfKinds: lambda one: _names("kind", [kind.value for kind in one.kinds], (), ()),
    IsBot: lambda one: [frozenset({Atom("bot", "", one.wanted)})],
    **{measure.condition: measure.clauses for measure in measures.MEASURES},
}
