"""Why each rule holds for a member or doesn't, by the primitives that decide.

A member who is only thought of stands in several worlds, one for each way in which what is
not known could be (`newcomer.py`). What is the same in all of them is certain.
"""

from datetime import datetime
from typing import Final

from voxguard.engine.decide import decide_member
from voxguard.engine.explanation import (
    Explanation,
    LeafExplanation,
    Obstacle,
    RuleExplanation,
    Standing,
    Verdict,
    WantExplanation,
)
from voxguard.engine.holding import earlier, exemption, update_stretches
from voxguard.engine.imagined import Imagined
from voxguard.engine.index import GuildIndex, IndexedRule
from voxguard.engine.layers import LayerUpdate
from voxguard.engine.newcomer import Newcomer, Possibility, possibilities
from voxguard.engine.readings import off_by, read
from voxguard.engine.speech import speak
from voxguard.engine.worlds import World, merge_worlds
from voxguard.model.decisions import Mode
from voxguard.policy.conditions.base import Condition
from voxguard.policy.effects.base import PLACEMENT, Want

LOOKED_AHEAD: Final = 50
"""Changes of a rule's conditions that are followed to find when it next turns round."""


def explain(index: GuildIndex, newcomer: Newcomer, at: datetime) -> Explanation:
    """Every rule of the guild for the member, connected since `at`, at `at`."""
    worlds = [
        _Scene(index, newcomer, way, at).world() for way in possibilities(index, newcomer, at)
    ]
    return merge_worlds(worlds, at)


class _Scene:
    """One world: the engine's own tables with nobody in them but the member."""

    def __init__(
        self,
        index: GuildIndex,
        newcomer: Newcomer,
        way: Possibility,
        at: datetime,
    ) -> None:
        self.index = index
        self.newcomer = newcomer
        self.at = at
        self.imagined = Imagined(index, newcomer, way, at)
        self.guild = self.imagined.guild
        self.member = self.imagined.enter()
        self.exempt, _ = exemption(self.guild, index, self.member, at)
        self.held: list[IndexedRule] = []
        if not self.exempt:
            self.held, _ = update_stretches(self.member, index.rules, at)
        self.enforcing = [rule for rule in self.held if rule.mode is Mode.ENFORCE]
        self.spoken = {
            Mode.ENFORCE: speak(self.member, self.enforcing, at),
            Mode.OBSERVE: speak(self.member, self.held, at),
        }
        self.begun = self._begun()

    def world(self) -> World:
        """All that is explained, in this world."""
        return World(
            exempt_by=self._exempt_by(),
            exempt_who=self._leaves(self.index.exempt.who or ()),
            rules=tuple(map(self._rule, self.index.rules)),
            decisions=tuple(decide_member(self.guild, self.index, self.imagined.enter(), self.at)),
        )

    def _begun(self) -> set[tuple[str, Want]]:
        member, at = self.member, self.at
        drafts = LayerUpdate(
            member, member.enforced, self.spoken[Mode.ENFORCE], at, _everything
        ).run()
        placed = member.enforced.placement is not None
        drafts += LayerUpdate(
            member, member.observed, self.spoken[Mode.OBSERVE], at, _everything, placed=placed
        ).run()
        return {(draft.rule, draft.want) for draft in drafts if draft.want is not None}

    def _exempt_by(self) -> tuple[str, ...]:
        if not self.exempt:
            return ()
        bots = self.index.exempt.bots and self.newcomer.bot
        return ("bots",) if bots else ("who",)

    def _leaves(self, conditions: tuple[Condition, ...]) -> tuple[LeafExplanation, ...]:
        member, at = self.member, self.at
        return tuple(
            LeafExplanation(
                path=condition.path,
                wanted=condition.canonical(),
                value=read(condition, member, at),
                verdict=_verdict(condition.matches(member, at)),
                changes_at=condition.changes_at(member, at) if condition.timed else None,
                off_by=off_by(condition, member, at),
            )
            for condition in conditions
        )

    def _rule(self, rule: IndexedRule) -> RuleExplanation:
        matches, _ = rule.clause.verdict(self.member, self.at)
        excused = None if rule.unless is None else rule.unless.verdict(self.member, self.at)[0]
        lasting = rule.rule.lasting
        due_at = None if lasting is None or self.exempt or not matches else self.at + lasting
        holds = rule in self.held
        obstacle = None
        if self.exempt:
            obstacle = Obstacle.EXEMPT
        elif not matches:
            obstacle = Obstacle.CONDITIONS
        elif due_at is not None:
            obstacle = Obstacle.FOR
        elif excused:
            obstacle = Obstacle.UNLESS
        unless, steps = rule.rule.unless, rule.rule.steps
        number = self.imagined.earlier_episodes(rule)
        return RuleExplanation(
            name=rule.name,
            mode=rule.mode,
            priority=rule.rule.priority,
            description=rule.rule.description,
            conditions=self._leaves(rule.rule.conditions),
            unless=None if unless is None else self._leaves(unless),
            lasting=lasting,
            across_channels=rule.rule.across_channels,
            matches=_verdict(matches),
            due_at=due_at,
            excused=None if excused is None else _verdict(excused),
            holds=_verdict(holds),
            obstacles=() if obstacle is None else (obstacle,),
            changes_at=self._turns_at(rule),
            allows=rule.rule.allows,
            step=number + 1,
            steps=len(steps),
            hold=steps[number].hold,
            cooldown=rule.rule.cooldown,
            wants=tuple(self._want(rule, want) for want in steps[number].wants),
        )

    def _want(self, rule: IndexedRule, want: Want) -> WantExplanation:
        return WantExplanation(want.effect, want.params, want.slot, (self._standing(rule, want),))

    def _standing(self, rule: IndexedRule, want: Want) -> tuple[Standing, str | None]:
        before = self.enforcing if rule.mode is Mode.ENFORCE else self.held
        if rule not in before:
            return Standing.SILENT, None
        allowing = next((one for one in before if one.rule.allows), rule)
        if allowing.order < rule.order:
            return Standing.ALLOWED, allowing.name
        spoken = self.spoken[rule.mode].slots.get(want.slot) if want.slot else None
        if spoken is not None and spoken.rule is not rule:
            agrees = spoken.want == want
            return (Standing.AGREES if agrees else Standing.TAKEN), spoken.rule.name
        if (rule.name, want) in self.begun:
            return Standing.DECIDES, None
        if not want.is_possible(self.member):
            return Standing.IMPOSSIBLE, None
        if want.is_done(self.member):
            return Standing.DONE, None
        # An observed `allow` hides the placement from those after it, which happens all the same.
        slots = self.spoken[rule.mode].slots
        placing = slots.get(PLACEMENT) or self.spoken[Mode.ENFORCE].slots[PLACEMENT]
        return Standing.WAITS, placing.rule.name

    def _turns_at(self, rule: IndexedRule) -> datetime | None:
        """When the rule begins or ceases to hold, if only time passes."""
        if any(
            isinstance(each, self.imagined.made_up)
            for each in (*(self.index.exempt.who or ()), *rule.rule.all_conditions)
        ):
            # What it depends on is made up, and so would be the instant.
            return None
        member, at = self.imagined.enter(), self.at
        for _ in range(LOOKED_AHEAD):
            exempt, wake_at = exemption(self.guild, self.index, member, at)
            held: list[IndexedRule] = []
            if exempt:
                member.stretches.clear()
            else:
                held, changes_at = update_stretches(member, (rule,), at)
                wake_at = earlier(wake_at, changes_at)
            if (rule in held) is not (rule in self.held):
                return at
            if wake_at is None:
                return None
            at = wake_at
        return None


def _everything(_rule: IndexedRule) -> bool:
    """No fuse has a say in what is only thought of."""
    return True


def _verdict(so: bool) -> Verdict:  # noqa: FBT001 - what it is about is its name
    return Verdict.YES if so else Verdict.NO
