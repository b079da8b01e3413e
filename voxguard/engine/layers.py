"""One layer of a member (enforced or observed): what is done once, and which leases there are."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from voxguard.engine.episodes import Layer, Placement
from voxguard.engine.index import IndexedRule
from voxguard.engine.leases import Draft, begin, end, go_on, last_of
from voxguard.engine.lookback import act_key
from voxguard.engine.speech import Said, Speech, Spoken
from voxguard.engine.state import MemberState
from voxguard.policy.effects.base import PLACEMENT, Slot, Want

Admits = Callable[[IndexedRule], bool]
"""Whether a rule may act on one more member; asked once for whatever it is about to do."""


@dataclass(slots=True)
class LayerUpdate:
    """One layer on its way to what its rules say at an instant.

    `placed` bars new held effects, and lifting. Facts are only read: what the drafts assume
    is set when both layers are done.
    """

    member: MemberState
    layer: Layer
    speech: Speech
    at: datetime
    admits: Admits
    placed: bool = False

    def run(self) -> list[Draft]:
        """All that is to be decided."""
        layer, slots = self.layer, self.speech.slots
        placing = slots.get(PLACEMENT)
        drafts = [] if placing is None else self._once((placing.rule, placing.want))
        barred = self.placed or layer.placement is not None
        # The slots that are held come first, since holding goes on whatever bars beginning.
        for slot in {**layer.leases, **slots}:
            if slot != PLACEMENT:
                drafts += self._slot(slot, slots.get(slot), barred=barred)
        for said in self.speech.messages:
            drafts += self._once(said)
        return drafts

    def _slot(self, slot: Slot, spoken: Spoken | None, *, barred: bool) -> list[Draft]:
        member, layer, at = self.member, self.layer, self.at
        if spoken is not None and not spoken.want.held:
            return self._momentary(slot, spoken, barred=barred and spoken.want.lifts)
        if slot in layer.leases:
            agreeing = [] if spoken is None else spoken.agreeing_in(layer.mode)
            return go_on(member, layer, slot, agreeing, at)
        if spoken is None or not self._is_mine(spoken.rule):
            return []
        if barred and not spoken.want.role_id:
            return []
        want = spoken.want
        # What somebody else's hand has done already makes neither a decision nor a lease.
        if not want.is_possible(member) or want.is_done(member) or not self.admits(spoken.rule):
            return []
        self._note_act(spoken.rule)
        return begin(member, layer, spoken, at)

    def _momentary(self, slot: Slot, spoken: Spoken, *, barred: bool) -> list[Draft]:
        """A timeout, or the end of whatever is held on the slot."""
        member, layer = self.member, self.layer
        is_due = not barred and self._is_due(spoken.rule, spoken.want)
        drafts = self._once((spoken.rule, spoken.want)) if is_due else []
        if slot not in layer.leases:
            return drafts
        if drafts:
            # All leases and holds end with it: the lifting rule's is the decision.
            ended = last_of(layer.leases.pop(slot).values()).rule
            return [replace(draft, ended=ended) for draft in drafts]
        if is_due and spoken.want.lifts:
            # Only an observing rule finds leases where there is nothing to lift.
            return end(member, layer, slot)
        # What is on goes on while the lifting has to wait.
        holding = [
            rule
            for rule in (spoken.holding_in(layer.mode) if barred else ())
            if rule.name in layer.leases[slot]
        ]
        return go_on(member, layer, slot, holding, self.at)

    def _once(self, said: Said) -> list[Draft]:
        """A momentary effect, unless it has happened in this episode or there is nothing to do."""
        (rule, want), member = said, self.member
        if not self._is_due(rule, want) or want.is_done(member) or not self.admits(rule):
            return []
        episode = member.episode(rule.name)
        episode.done.add(want.effect)
        self._note_act(rule)
        if want.slot == PLACEMENT:
            self.layer.placement = Placement(want.effect, want.target_id)
        return [Draft(rule.name, rule.order, want.effect, self.layer.mode, episode.id, want, rule)]

    def _is_due(self, rule: IndexedRule, want: Want) -> bool:
        return self._is_mine(rule) and want.effect not in self.member.episode(rule.name).done

    def _is_mine(self, rule: IndexedRule) -> bool:
        return rule.mode is self.layer.mode

    def _note_act(self, rule: IndexedRule) -> None:
        if rule.rule.cooldown is None and rule.rule.forget_after is None:
            return
        self.member.history.note_act(
            act_key(rule.name, self.layer.mode),
            self.member.episode(rule.name).began_at,
            self.at,
            len(rule.rule.steps),
        )
