"""What was decided at one instant of a policy test, against what its steps expect."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime

from voxguard.model.decisions import Decision
from voxguard.model.problems import Mark
from voxguard.policy.cases.case import Case, Demand, Expectation
from voxguard.scenario.cases.reasons import Reasons
from voxguard.scenario.cases.results import Failure, Kind


class Check:
    """What was decided at one instant, against what was expected."""

    def __init__(
        self, case: Case, reasons: Reasons, now: datetime, demands: Iterable[Demand]
    ) -> None:
        self.case = case
        self.reasons = reasons
        self.now = now
        self.names = {member.user_id: member.name for member in case.members.values()}
        self.demands: dict[str, list[Demand]] = {}
        for demand in demands:
            self.demands.setdefault(demand.member, []).append(demand)
        self.open: dict[str, list[Expectation]] = {
            name: [each for demand in some for each in demand.expectations]
            for name, some in self.demands.items()
        }
        self.happened: dict[str, list[Decision]] = {}
        self.unexpected: Counter[str] = Counter()
        self.why: dict[str, list[str]] = {}
        self.missing: dict[tuple[str, int], list[str]] = {}
        self.begun = False

    def take(self, decisions: Iterable[Decision]) -> None:
        """One round of decisions, while the engine still is as they left it."""
        for decision in decisions:
            name = self.names[decision.user_id]
            self.happened.setdefault(name, []).append(decision)
            met = _find(self.open.get(name, []), decision)
            if met is not None:
                self.open[name].remove(met)
                continue
            self.unexpected[name] += 1
            self._explain(name, self.reasons.of_decided(decision.user_id, decision.rule, self.now))
        if not self.begun:
            self.begun = True
            for name, some in self.open.items():
                user_id = self.case.members[name].user_id
                for each in some:
                    self.missing[name, id(each)] = self.reasons.of_missing(user_id, each, self.now)

    def _explain(self, name: str, lines: Iterable[str]) -> None:
        known = self.why.setdefault(name, [])
        known += [line for line in lines if line not in known]

    def failures(self) -> Iterator[Failure]:
        """Of each member of whom anything was not as expected."""
        for name in self.case.members:
            missing = self.open.get(name, [])
            if not missing and not self.unexpected[name]:
                continue
            for each in missing:
                self._explain(name, self.missing[name, id(each)])
            demands = self.demands.get(name)
            yield Failure(
                kind=Kind.MISSING if missing else Kind.UNEXPECTED,
                mark=demands[0].mark if demands else self._last_mark(),
                at=self.now - self.case.start_at,
                instant=self.now,
                member=name,
                expected=None
                if demands is None
                else tuple(each for demand in demands for each in demand.expectations),
                happened=tuple(self.happened.get(name, ())),
                why=tuple(self.why.get(name, ())),
            )

    def _last_mark(self) -> Mark:
        """The first step of this instant, or of the last one before it that has any."""
        case = self.case
        marks = [mark for at, mark in case.marks.items() if case.start_at + at <= self.now]
        return marks[-1] if marks else case.mark


def _find(expected: Iterable[Expectation], decision: Decision) -> Expectation | None:
    """The expectation that a decision meets; one that names the rule goes first."""
    fitting = [
        each
        for each in expected
        if each.effect is decision.effect
        and dict(each.params) == dict(decision.params)
        and each.rule in (None, decision.rule)
    ]
    return max(fitting, key=lambda each: each.rule is not None, default=None)
