"""Who speaks about which slot: the first rule decides it, those that agree stand behind."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from voxguard.engine.index import IndexedRule
from voxguard.model.decisions import Mode
from voxguard.policy.effects.base import Slot, Want


@dataclass(slots=True)
class Spoken:
    """What a slot was decided to be, by which rule, and which later rules agree."""

    rule: IndexedRule
    want: Want
    agreeing: list[IndexedRule] = field(default_factory=list)

    def agreeing_in(self, mode: Mode) -> list[IndexedRule]:
        """The rules of one mode that want what was decided, the decider included."""
        return [rule for rule in self.agreeing if rule.mode is mode]


def speak(held: Sequence[IndexedRule]) -> dict[Slot, Spoken]:
    """Take the rules that hold in their order until one says `allow`."""
    slots: dict[Slot, Spoken] = {}
    for rule in held:
        for want in rule.rule.wants:
            spoken = slots.get(want.slot)
            if spoken is None:
                slots[want.slot] = Spoken(rule, want, [rule])
            elif spoken.want == want:
                spoken.agreeing.append(rule)
        if rule.rule.allows:
            break
    return slots
