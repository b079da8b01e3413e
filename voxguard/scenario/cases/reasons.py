"""Why a rule did what it did in a policy test, or did not, by what the engine itself looks at."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from voxguard.engine.engine import Engine
from voxguard.engine.holding import exemption
from voxguard.engine.index import GuildIndex, IndexedRule
from voxguard.engine.readings import read
from voxguard.engine.speech import speak, spoken_wants
from voxguard.engine.state import GuildState, MemberState
from voxguard.model.decisions import RELEASES, Effect, Mode
from voxguard.model.ids import UserId
from voxguard.policy.cases.case import Case, Expectation
from voxguard.policy.conditions.base import Condition
from voxguard.policy.effects.base import Want
from voxguard.scenario.cases.wording import Wording

_MOST = 3
"""Of the rules that could have decided what was expected, so many are explained."""


class Reasons:
    """Explains one test from the engine's tables, as they are after a round of decisions."""

    def __init__(self, case: Case, engine: Engine, wording: Wording) -> None:
        self._case = case
        self._engine = engine
        self._index: GuildIndex = engine.index.guilds[case.guild.id]
        self._wording = wording

    def of_missing(self, user_id: UserId, each: Expectation, at: datetime) -> list[str]:
        """Why nothing of what was expected was decided."""
        if each.rule is not None:
            names = [each.rule]
        else:
            names = [rule.name for rule in self._case.guild.rules if _could(rule.wants, each)]
        if not names:
            wanted = self._wording.expectation(each)
            return [f"no rule of the guild wants to {wanted}"]
        lines = [line for name in names[:_MOST] for line in self._of_rule(name, user_id, at, each)]
        if len(names) > _MOST:
            lines.append(f"{len(names) - _MOST} more rules could have decided it")
        return lines

    def of_decided(self, user_id: UserId, rule: str, at: datetime) -> list[str]:
        """Why a rule has decided something, be it a release."""
        return list(self._of_rule(rule, user_id, at, None))

    def _of_rule(
        self, name: str, user_id: UserId, at: datetime, missed: Expectation | None
    ) -> Iterator[str]:
        rule = self._index.by_name.get(name)
        guild = self._engine.guild(self._case.guild.id)
        member = None if guild is None else guild.members.get(user_id)
        if rule is None:
            yield f"{name} is off"
        elif guild is None or member is None or not member.connected:
            yield f"{name} does not hold: the member is not in voice"
        elif exemption(guild, self._index, member, at)[0]:
            yield f"{name} does not hold: {self._exempt(guild, member)}"
        elif rule.rule.spares and rule.meaning not in member.judged:
            yield f"{name} spares the member: they were in the channel when it became active"
        elif not rule.clause.verdict(member, at)[0]:
            yield f"{name} does not hold: not every condition matches"
            yield from self._leaves(rule.rule.conditions, member, at, matching=False)
        else:
            yield from self._of_matching(rule, member, at, missed)

    def _exempt(self, guild: GuildState, member: MemberState) -> str:
        if self._index.exempt.bots and member.bot:
            return "bots are exempt"
        if self._index.exempt.admins and guild.is_admin(member):
            return "administrators are exempt"
        return "the guild exempts the member"

    def _of_matching(
        self, rule: IndexedRule, member: MemberState, at: datetime, missed: Expectation | None
    ) -> Iterator[str]:
        """Of a rule whose conditions match: how long, whether excused, and what it may do."""
        stretch = member.stretches.get(rule.name)
        since_at = at if stretch is None else stretch.since_at
        when = self._wording.when
        lasting = rule.rule.lasting
        unless = rule.rule.unless
        if lasting is not None and at < since_at + lasting:
            yield (
                f"{rule.name} does not hold yet: its conditions match since {when(since_at)}, "
                f"and its `for` ends at {when(since_at + lasting)}"
            )
        elif rule.unless is not None and rule.unless.verdict(member, at)[0]:
            yield f"{rule.name} does not hold: `unless` matches"
            yield from self._leaves(unless or (), member, at, matching=True)
        elif stretch is None or stretch.episode is None:
            yield (
                f"{rule.name} has begun and ended at one instant, by what came of it, and rests "
                "until its conditions have stopped matching"
            )
        else:
            yield (
                f"{rule.name} holds since {when(stretch.episode.began_at)}, its conditions match "
                f"since {when(since_at)}"
            )
            if missed is None:
                yield from self._leaves(rule.rule.conditions, member, at, matching=True)
            else:
                yield self._why_idle(rule, member, missed, at)

    def _why_idle(
        self, rule: IndexedRule, member: MemberState, missed: Expectation, at: datetime
    ) -> str:
        """Why a rule that holds has decided nothing now."""
        held = [
            one
            for one in self._index.rules
            if (stretch := member.stretches.get(one.name)) and stretch.episode is not None
        ]
        before = held if rule.mode is Mode.OBSERVE else [r for r in held if r.mode is Mode.ENFORCE]
        allowing = next((one for one in before if one.rule.allows), rule)
        if allowing.order < rule.order:
            return f"{allowing.name} allows, so that no later rule acts"
        step = rule.rule.steps[member.episode(rule.name).step]
        want = next((one for one in step.wants if _is(one, missed)), None)
        if want is None:
            wants = ", ".join(str(one.effect) for one in step.wants) or "nothing"
            return f"what it wants is something else: {wants}"
        if not spoken_wants(member, rule, at):
            quiet_until = member.episode(rule.name).quiet_until or at
            return f"it is in its cooldown until {self._wording.when(quiet_until)}"
        spoken = None if want.slot is None else speak(member, before, at).slots.get(want.slot)
        if spoken is not None and spoken.rule is not rule:
            return f"{spoken.rule.name} goes before it and decides the {want.slot}"
        if not want.is_possible(member):
            return "there is no such thing in the channel in which the member is"
        if want.is_done(member):
            return "there is nothing to do: it is so already"
        return "it has acted in this episode already, or waits for where the member goes"

    def _leaves(
        self, conditions: Iterable[Condition], member: MemberState, at: datetime, *, matching: bool
    ) -> Iterator[str]:
        for one in conditions:
            if one.matches(member, at) is matching:
                path = one.path
                wanted = self._wording.fact(path, one.canonical())
                value = self._wording.fact(path, read(one, member, at))
                yield f"  {path.replace('/', '.')} wants {wanted}; it is {value}"


def _could(wants: Iterable[Want], each: Expectation) -> bool:
    """Whether one of the effects of a rule is what was expected, or ends as that."""
    releases: dict[Effect, Effect] = dict(RELEASES)
    return any(_is(want, each) or releases.get(want.effect) is each.effect for want in wants)


def _is(want: Want, each: Expectation) -> bool:
    return want.effect is each.effect and dict(want.params) == dict(each.params)
