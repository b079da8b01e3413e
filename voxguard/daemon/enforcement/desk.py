"""One member's desk: what is wanted, what is under way, and what is known beyond the reports."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from voxguard.daemon.enforcement.kinds import Field
from voxguard.daemon.enforcement.requests import Request
from voxguard.daemon.enforcement.wants import Key, Slot, Value, Want
from voxguard.model.decisions import Effect
from voxguard.model.world import VoiceState
from voxguard.ports.discord import Place, StageEdit
from voxguard.ports.enforcement import Expects

BELIEF_SECONDS = 3.0
"""How long an answer outweighs reports that may have set out before it, at least.

So long, too, nothing is asked again that a report may still show as done.
"""

Values = dict[Field, Value]

GONE = Place(None)

FLAGS: Mapping[Field, Effect] = {
    Field.MUTE: Effect.MUTE,
    Field.DEAF: Effect.DEAFEN,
    Field.AUDIENCE: Effect.SUPPRESS,
}
"""What of that moderators and rules set, and the effect that turns it on."""

REPORTED = frozenset({Field.PLACE, *FLAGS})
"""What voice states show."""


@dataclass(slots=True)
class Belief:
    """What an answer has told and no report has confirmed yet.

    After `until` it is given up for what a report said meanwhile, if `contradicted`, and if no
    report of our own doing is still to come; without any it stays, since what was reported before
    it is older still. Where it is not `sure` that the request has worked, nothing is known.
    """

    value: Value
    until: float
    contradicted: bool = False
    sure: bool = True


@dataclass(slots=True, eq=False)
class Desk:
    """Everything that the queue knows of one member.

    `wants` were not sent yet. While the edit `sent` is under way, `echoed` gathers the fields
    that a report has shown as they were wanted, and `left` says that one showed them gone;
    what comes back of it is not wanted any more where it is of `yielded`.
    `messages` are so many more requests under way. `timer_at` is the instant of a timer, if
    there is one.
    """

    key: Key
    wants: dict[Slot, Want] = field(default_factory=dict)
    sent: Request | None = None
    messages: int = 0
    echoed: set[Field] = field(default_factory=set)
    left: bool = False
    removed: bool = False
    yielded: set[Slot] = field(default_factory=set)
    beliefs: dict[Field, Belief] = field(default_factory=dict)
    timer_at: float | None = None

    @property
    def is_idle(self) -> bool:
        """Whether nothing of it needs to be remembered."""
        return self.sent is None and not (self.wants or self.beliefs or self.messages)

    @property
    def open_wants(self) -> list[Want]:
        """Those that need not wait for an answer: of edits one is under way at a time."""
        return [want for want in self.wants.values() if want.is_message or self.sent is None]

    def holds(self, want: Want) -> bool:
        """Whether this want still waits here."""
        return self.wants.get(want.slot) is want

    def is_asked(self, slot: Slot) -> bool:
        """Whether a request about the same thing is under way."""
        return self.sent is not None and any(want.slot == slot for want in self.sent.wants)

    def send(self, request: Request) -> None:
        """Take what the request holds off the desk until it is answered."""
        for want in request.wants:
            del self.wants[want.slot]
        if request.is_message:
            self.messages += 1
            return
        self.sent = request
        self.echoed.clear()
        self.left = False

    def answered(self, request: Request) -> None:
        """An answer has come."""
        if request.is_message:
            self.messages -= 1
        else:
            self.sent = None

    def retry(self, now: float) -> bool:
        """Try soon what was refused; whether there is any."""
        refused = [want for want in self.wants.values() if want.refusals]
        for want in refused:
            want.not_before = min(want.not_before, max(now, want.retry_at))
        return bool(refused)

    def believe(self, want: Want, now: float, *, sure: bool = True) -> None:
        """Take an answer as true until reports say so; without one know nothing of a flag."""
        self.beliefs.pop(want.field, None)
        if want.field in (REPORTED if sure else FLAGS) and want.field not in self.echoed:
            self.beliefs[want.field] = _belief(want.field, want.value, now, sure=sure)

    def is_gone(self, now: float) -> None:
        """Take it as true that they are not in voice, against the reports so far."""
        self.echoed.discard(Field.PLACE)
        self.beliefs[Field.PLACE] = _belief(Field.PLACE, GONE, now)

    def _is_over(self, about: Field, belief: Belief, now: float, expects: Expects) -> bool:
        """Whether reports say it better by now."""
        if not belief.contradicted or now < belief.until:
            return False
        effect = FLAGS.get(about)
        return effect is None or not expects(*self.key, effect)

    def reported(self, state: VoiceState | None, now: float, expects: Expects) -> None:
        """Compare a new report with what is under way and with what is believed."""
        self.removed = False
        values = reported_values(state)
        if self.sent is not None:
            self.echoed.update(
                want.field
                for want in self.sent.wants
                if want.field in values and values[want.field] == want.value
            )
            self.left = self.left or values[Field.PLACE] == GONE
        for believed, belief in list(self.beliefs.items()):
            belief.contradicted = True
            is_over = self._is_over(believed, belief, now, expects)
            if is_over or values.get(believed) == belief.value:
                del self.beliefs[believed]

    def values(self, state: VoiceState | None, now: float, expects: Expects) -> Values:
        """What is the case as far as we know; no flags of somebody who is not connected.

        Who was reported gone is gone, wherever an answer has put them before.
        """
        values = reported_values(state)
        for believed, belief in list(self.beliefs.items()):
            if self._is_over(believed, belief, now, expects):
                del self.beliefs[believed]
            elif believed in values and values[Field.PLACE] != GONE:
                if belief.sure:
                    values[believed] = belief.value
                else:
                    del values[believed]
        return values


def _belief(about: Field, value: Value, now: float, *, sure: bool = True) -> Belief:
    """Where somebody is they may leave unseen: that is believed for a moment, whatever comes."""
    return Belief(value, now + BELIEF_SECONDS, contradicted=about is Field.PLACE, sure=sure)


def reported_values(state: VoiceState | None) -> Values:
    """What a report says of the fields."""
    if state is None or state.channel_id is None:
        return {Field.PLACE: GONE}
    return {
        Field.PLACE: Place(state.channel_id),
        Field.MUTE: state.guild_mute,
        Field.DEAF: state.guild_deaf,
        Field.AUDIENCE: StageEdit(state.channel_id, state.suppressed),
    }
