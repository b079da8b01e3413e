"""Play policy tests: the engine on the clock of each test, against what its steps expect."""

import time
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final, TypeVar

from voxguard.engine.compile import compile_guild
from voxguard.engine.engine import Engine
from voxguard.engine.index import RuleIndex
from voxguard.model.decisions import Decision
from voxguard.model.ids import GuildId, UserId
from voxguard.model.problems import Mark
from voxguard.policy.cases.case import Case, Demand, Happening
from voxguard.policy.cases.lists import with_members
from voxguard.policy.resolved import PolicySet, RuleMode
from voxguard.scenario.cases.check import Check
from voxguard.scenario.cases.reasons import Reasons
from voxguard.scenario.cases.results import CaseResult, Coverage, Failure, Kind
from voxguard.scenario.cases.wording import Wording
from voxguard.scenario.cases.world import CaseWorld

MOST_FAILURES: Final = 10
"""After so many a test is given up: nobody reads more, and it need not end by itself."""

T = TypeVar("T", Happening, Demand)

Held = set[tuple[GuildId, str]]
"""Rules that have held for somebody, by guild."""


class Player:
    """Plays the tests of one policy set; `held` are the rules that they have made hold."""

    def __init__(self, policy_set: PolicySet) -> None:
        self._policy_set = policy_set
        self._indices: dict[object, RuleIndex] = {}
        self.held: Held = set()

    def play(self, cases: Iterable[Case]) -> Iterator[CaseResult]:
        """The results in the order of the tests."""
        for case in cases:
            began = time.perf_counter()
            play = _Play(case, self._index(case))
            play.run()
            self.held |= play.held
            seconds = time.perf_counter() - began
            yield CaseResult(case, tuple(play.failures), play.stopped, seconds)

    def coverage(self) -> Coverage:
        """Which rules have held so far; a shared one counts once, whichever guild it was in."""
        held: dict[Mark, bool] = {}
        rules = {}
        for guild in self._policy_set.guilds.values():
            for rule in guild.rules:
                if rule.mode is not RuleMode.OFF:
                    rules[rule.mark] = rule
                    held[rule.mark] = (guild.id, rule.name) in self.held or held.get(
                        rule.mark, False
                    )
        never = sorted((mark for mark, so in held.items() if not so), key=_place)
        return Coverage(len(rules), tuple(rules[mark] for mark in never))

    def _index(self, case: Case) -> RuleIndex:
        """The guild's rules, with members in the lists that the test puts them in."""
        added: dict[str, frozenset[UserId]] = {}
        for member in case.members.values():
            for name in sorted(member.lists):
                added[name] = added.get(name, frozenset()) | {member.user_id}
        key = (case.guild.id, *sorted((name, tuple(sorted(ids))) for name, ids in added.items()))
        if key not in self._indices:
            guild = compile_guild(with_members(case.guild, added))
            self._indices[key] = RuleIndex(self._policy_set.revision, {guild.guild_id: guild})
        return self._indices[key]


def _place(mark: Mark) -> tuple[str, int]:
    return mark.file, mark.line or 0


class _Play:
    """One test while it is played."""

    def __init__(self, case: Case, index: RuleIndex) -> None:
        self.case = case
        self.engine = Engine(index)
        self.world = CaseWorld(case)
        self.reasons = Reasons(case, self.engine, Wording(case))
        self.failures: list[Failure] = []
        self.held: Held = set()

    @property
    def stopped(self) -> bool:
        """Whether there is so much wrong that the rest is not played."""
        return len(self.failures) >= MOST_FAILURES

    def run(self) -> None:
        """From the start to the instant of the last step."""
        happenings = _by_instant(self.case.happenings)
        demands = _by_instant(self.case.demands)
        for at in sorted({timedelta(), *self.case.marks}):
            now = self.case.start_at + at
            while (wake_at := self.engine.wake_at) is not None and wake_at < now:
                self._instant(wake_at, (), (), first=False)
                if self.stopped:
                    return
            self._instant(now, happenings.get(at, ()), demands.get(at, ()), first=not at)
            if self.stopped:
                return

    def _instant(
        self,
        now: datetime,
        happenings: Iterable[Happening],
        demands: Iterable[Demand],
        *,
        first: bool,
    ) -> None:
        """All that happens at one instant, and the answers to what is decided then."""
        check = Check(self.case, self.reasons, now, demands)
        events = [self.world.snapshot()] if first else []
        for happening in happenings:
            if self.world.is_possible(happening):
                events.append(self.world.happens(happening))
            else:
                self.failures.append(_impossible(happening, now))
        while True:
            step = self.engine.step(events, now)
            self._note_held(step.touched, step.decisions)
            check.take(step.decisions)
            events = list(self.world.answers(step.decisions))
            if not events:
                break
        self.failures += check.failures()

    def _note_held(
        self, touched: Iterable[tuple[GuildId, UserId]], decisions: Iterable[Decision]
    ) -> None:
        guild_id = self.case.guild.id
        guild = self.engine.guild(guild_id)
        self.held.update((guild_id, decision.rule) for decision in decisions)
        for _, user_id in touched:
            member = None if guild is None else guild.members.get(user_id)
            stretches = {} if member is None else member.stretches
            self.held.update(
                (guild_id, rule) for rule, each in stretches.items() if each.episode is not None
            )


def _by_instant(some: Iterable[T]) -> dict[timedelta, list[T]]:
    found: dict[timedelta, list[T]] = {}
    for each in some:
        found.setdefault(each.at, []).append(each)
    return found


def _impossible(happening: Happening, now: datetime) -> Failure:
    return Failure(
        kind=Kind.IMPOSSIBLE,
        mark=happening.mark,
        at=happening.at,
        instant=now,
        member=happening.member,
        expected=None,
        happened=(),
        why=("Discord lets moderators mute and deafen only who is in voice",),
    )
