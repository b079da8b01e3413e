"""Where moves lead: rules that await those whom another rule has moved."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from voxguard.lint.logic.atoms import Atom, Clause, Clauses
from voxguard.lint.logic.clauses import Terms
from voxguard.lint.logic.implication import covers_all
from voxguard.lint.logic.measures import CHANNEL_ENTRIES, ENTRIES, OCCUPANCY, TIME_USED
from voxguard.lint.logic.refutation import are_apart
from voxguard.lint.subject import RuleView
from voxguard.model.ids import ChannelId
from voxguard.policy.effects.base import PLACEMENT, TIMEOUT

AT_ONCE = timedelta(minutes=1)
"""A rule that waits longer lets those who were moved be there for a while."""

_MOST = 50

_PLACE = frozenset({"channel", "kind"})
_OTHERS = frozenset({OCCUPANCY, CHANNEL_ENTRIES})
_OWN_DOING = frozenset({"state", ENTRIES, TIME_USED})


@dataclass(frozen=True, slots=True, eq=False)
class Mover:
    """A rule that takes members out of certain channels; `target` is None for out of voice.

    `rest` is what it asks for beside the channel and what others do there; `depends` is
    whether it asks for the latter.
    """

    view: RuleView
    target: ChannelId | None
    rest: Clauses
    depends: bool

    @property
    def is_quick(self) -> bool:
        """Whether it acts as soon as somebody is there, or nearly so."""
        return self.view.rule.lasting is None or self.view.rule.lasting <= AT_ONCE

    def throws_out(self, other: "Mover") -> bool:
        """Whether it moves those on whom the other has moved, at once and of itself.

        What members do to themselves, as to deafen, must be so already before; of what others
        do in the channel nothing is known.
        """
        own = tuple(each for each in self.rest if any(atom.kind in _OWN_DOING for atom in each))
        return self.is_quick and not self.depends and covers_all(own, other.view.whole)

    def awaits_in(self, channel_id: ChannelId) -> bool:
        """Whether it is for those who are in a channel, as far as its `where` says.

        That the channel is in a category that is named is not known here.
        """
        if self.target == channel_id:
            return False
        return all(
            any((atom.value == channel_id) is atom.positive for atom in clause)
            for clause in self.view.whole
            if all(atom.kind == "channel" for atom in clause)
        )


def movers(views: tuple[RuleView, ...]) -> Iterator[Mover]:
    """The rules that move or disconnect and say where; elsewhere nobody comes to them."""
    for view in views:
        placed = [each for each in view.whole if _is_about(each, _PLACE)]
        depends = [each for each in view.whole if _is_about(each, _OTHERS)]
        rest = tuple(each for each in view.whole if each not in (*placed, *depends))
        # Whoever is timed out is out of voice.
        targets = [want.target_id for want in view.rule.wants if want.slot in (PLACEMENT, TIMEOUT)]
        for target in dict.fromkeys(targets) if placed else ():
            yield Mover(view, target, rest, bool(depends))


class Awaiting:
    """For each channel the rules that take members away from it again."""

    def __init__(self, every: list[Mover], terms: Terms) -> None:
        self._terms = terms
        self._named: dict[Atom, list[Mover]] = defaultdict(list)
        self._unnamed: list[Mover] = []
        for mover in every:
            named = {
                atom
                for clause in mover.view.whole
                for atom in clause
                if atom.kind == "channel" and atom.positive
            }
            for atom in sorted(named):
                self._named[atom].append(mover)
            if not named:
                self._unnamed.append(mover)
        self._known: dict[ChannelId, list[Mover]] = {}
        self._after: dict[Mover, list[Mover]] = {}

    def after(self, mover: Mover) -> list[Mover]:
        """The rules that may await a member whom this one has moved."""
        if mover not in self._after:
            self._after[mover] = list(self._search(mover))
        return self._after[mover]

    def _search(self, mover: Mover) -> Iterator[Mover]:
        target = mover.target
        if target is None:
            return
        if target not in self._known:
            candidates = (*self._named[Atom("channel", target)], *self._unnamed)
            self._known[target] = [one for one in candidates if one.awaits_in(target)][:_MOST]
        for one in self._known[target]:
            same_mode = one.view.mode is mover.view.mode
            if same_mode and not are_apart(one.rest, mover.rest, self._terms):
                yield one


def _is_about(clause: Clause, kinds: frozenset[str]) -> bool:
    return any(atom.kind in kinds for atom in clause)
