"""Who speaks about which slot: the first rule decides it, those that agree stand behind."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from voxguard.engine.index import IndexedRule
from voxguard.engine.state import MemberState
from voxguard.model.decisions import Mode
from voxguard.policy.effects.base import Slot, Want

Said = tuple[IndexedRule, Want]
"""What a rule wants, of a slot or as a message."""


@dataclass(slots=True)
class Spoken:
    """What a slot was decided to be, by which rule, and what later rules say of it."""

    rule: IndexedRule
    want: Want
    said: list[Said] = field(default_factory=list)

    def agreeing_in(self, mode: Mode) -> list[IndexedRule]:
        """The rules of one mode that want what was decided, the decider included."""
        return [rule for rule, want in self.said if want == self.want and rule.mode is mode]

    def holding_in(self, mode: Mode) -> list[IndexedRule]:
        """The rules of one mode that want the slot held, whoever has decided it."""
        return [rule for rule, want in self.said if want.held and rule.mode is mode]


@dataclass(slots=True)
class Speech:
    """Everything that the rules say which hold: by slot, and the messages, which all go out."""

    slots: dict[Slot, Spoken] = field(default_factory=dict)
    messages: list[Said] = field(default_factory=list)


def speak(member: MemberState, held: Sequence[IndexedRule], at: datetime) -> Speech:
    """Take the rules that hold in their order until one says `allow`.

    In its cooldown a rule says nothing, but for `allow`.
    """
    speech = Speech()
    slots = speech.slots
    for rule in held:
        for want in spoken_wants(member, rule, at):
            slot = want.slot
            if slot is None:
                speech.messages.append((rule, want))
                continue
            spoken = slots.get(slot)
            if spoken is None:
                spoken = slots[slot] = Spoken(rule, want)
            spoken.said.append((rule, want))
        if rule.rule.allows:
            break
    return speech


def spoken_wants(member: MemberState, rule: IndexedRule, at: datetime) -> Sequence[Want]:
    """What a rule that holds wants now: the wants of its episode's step, or nothing.

    What somebody else's hand has taken from it is theirs until the episode ends.
    """
    episode = member.episode(rule.name)
    if episode.quiet_until is not None and at < episode.quiet_until:
        return ()
    wants = rule.rule.steps[episode.step].wants
    if episode.yielded:
        return [want for want in wants if want.slot not in episode.yielded]
    return wants


def cooldown_ends(
    member: MemberState, held: Sequence[IndexedRule], at: datetime
) -> Iterator[datetime]:
    """When rules that hold and say nothing will speak."""
    for rule in held:
        quiet_until = member.episode(rule.name).quiet_until
        if quiet_until is not None and quiet_until > at:
            yield quiet_until
