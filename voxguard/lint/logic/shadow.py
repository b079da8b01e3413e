"""Which earlier rule leaves a later one nothing to decide."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from voxguard.lint.logic.atoms import Atom, Clause, Clauses
from voxguard.lint.logic.clauses import Terms
from voxguard.lint.logic.implication import covers_all
from voxguard.lint.subject import RuleView
from voxguard.model.decisions import Mode
from voxguard.policy.effects.base import Want

ALLOW = "allow"
"""What a rule that lets members be is filed under, beside the slots that rules decide."""

_MOST = 300
"""Rules of one thing that a rule is compared with, the first in order."""


class Earlier:
    """Rules that have been seen so far, filed by what they decide and whom they hold for.

    Each stands under the atoms of one of its clauses. A rule that it holds of has a clause
    whose atoms are all among these, so that looking one of them up finds it. What few rules
    ask for is filed and looked up: with all in one channel, that is not the channel.
    """

    def __init__(self, terms: Terms, views: Iterable[RuleView]) -> None:
        self._terms = terms
        self._common = Counter(
            atom.key for view in views for clause in terms.widened(view.whole) for atom in clause
        )
        self._filed: dict[str, dict[Atom | None, list[tuple[RuleView, Clauses, Clauses]]]] = (
            defaultdict(lambda: defaultdict(list))
        )

    def add(self, view: RuleView) -> None:
        """File a rule, if it speaks for as long as it holds."""
        core, guard = self._terms.widened(view.core), self._terms.widened(view.guard)
        clause = min((*core, *guard), key=self._rareness, default=())
        keys: list[Atom | None] = [atom.key for atom in clause] or [None]
        for subject in decided_by(view):
            for key in keys:
                self._filed[subject][key].append((view, core, guard))

    def implying(self, view: RuleView, subject: str) -> RuleView | None:
        """The first rule that decides this and holds whenever the given one does."""
        filed = self._filed.get(subject)
        if filed is None:
            return None
        keys = {
            min((len(filed.get(atom.key, ())), atom.key) for atom in clause)
            for clause in view.whole
            if clause
        }
        for key in [None, *(key for _, key in sorted(keys))]:
            for other, core, guard in filed.get(key, ())[:_MOST]:
                if _holds_whenever(other, core, guard, view):
                    return other
        return None

    def _rareness(self, clause: Clause) -> tuple[int, list[Atom]]:
        return sum(self._common[atom.key] for atom in clause), sorted(clause)


def decided_by(view: RuleView) -> Iterator[str]:
    """What a rule decides whenever its conditions match: slots, or everything after it.

    A rule that spares whoever is there does not hold for everybody; one with a cooldown is
    silent for a while, but for `allow`; of one that escalates it counts what each step wants.
    """
    if view.rule.spares:
        return
    if view.rule.allows:
        yield ALLOW
    if view.rule.cooldown is None:
        slots = [{want.slot for want in step.wants} for step in view.rule.steps]
        for slot in sorted(set.intersection(*slots) - {None}, key=str):
            yield f"slot {slot}"


def _holds_whenever(other: RuleView, core: Clauses, guard: Clauses, view: RuleView) -> bool:
    return (
        _is_heard(other, view)
        and _is_as_quick(other, view)
        # What holds at the instant does not say that it has held for the time of `for`.
        and covers_all(core, view.core if other.rule.lasting else view.whole)
        and covers_all(guard, view.whole)
    )


def _is_heard(other: RuleView, view: RuleView) -> bool:
    """Whether one rule minds the other: enforcing rules never see those that observe."""
    return other.mode is Mode.ENFORCE or view.mode is Mode.OBSERVE


def _is_as_quick(other: RuleView, view: RuleView) -> bool:
    """Whether the time of `for` has passed for the other whenever it has for this one."""
    if other.rule.lasting is None:
        return True
    if view.rule.lasting is None or other.rule.lasting > view.rule.lasting:
        return False
    # Changing channel begins the time of the one anew and that of the other not.
    return other.rule.across_channels or not view.rule.across_channels


def all_shadows(earlier: Earlier, view: RuleView) -> Iterable[RuleView]:
    """The rules that together leave this one nothing to decide; none when it has something."""
    allowing = earlier.implying(view, ALLOW)
    if allowing is not None:
        return [allowing]
    if view.rule.allows:
        return []
    found: dict[RuleView, None] = {}
    for step in view.rule.steps:
        for want in step.wants:
            # Nothing but `allow` keeps a message from being sent.
            other = None if want.slot is None else earlier.implying(view, f"slot {want.slot}")
            if other is None or (step.hold is not None and _agrees(other, want)):
                return []
            found[other] = None
    return found


def _agrees(other: RuleView, want: Want) -> bool:
    """Whether a rule may want the same: then a hold beside the want outlasts it."""
    return want.held and want in other.rule.wants
