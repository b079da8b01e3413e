"""One member's desk: what is wanted, what is under way, and what is known beyond the reports."""

from dataclasses import dataclass, field

from voxguard.daemon.enforcement.wants import Field, Key, Request, Standing, Value, Want
from voxguard.model.world import VoiceState
from voxguard.ports.discord import Place

BELIEF_SECONDS = 3.0
"""How long an answer outweighs reports that may have set out before it."""

Values = dict[Field, Value]

GONE = Place(None)


@dataclass(frozen=True, slots=True)
class Belief:
    """What an answer has told and no report has confirmed yet."""

    value: Value
    until: float


@dataclass(slots=True, eq=False)
class Desk:
    """Everything that the queue knows of one member.

    `wants` were not sent yet. While `sent` is under way, `echoed` gathers the fields that
    a report has shown as they were wanted, and `left` says that one showed them gone.
    `queued` is the place in the guild's line, `timer_at` the instant of a timer, if any.
    """

    key: Key
    wants: dict[Field, Want] = field(default_factory=dict)
    sent: Request | None = None
    echoed: set[Field] = field(default_factory=set)
    left: bool = False
    removed: bool = False
    beliefs: dict[Field, Belief] = field(default_factory=dict)
    queued: Standing | None = None
    timer_at: float | None = None

    @property
    def is_idle(self) -> bool:
        """Whether nothing of it needs to be remembered."""
        return self.sent is None and not self.wants and not self.beliefs

    def send(self, request: Request) -> None:
        """Take what the request holds off the desk until it is answered."""
        self.sent = request
        self.echoed.clear()
        self.left = False
        for want in request.wants:
            del self.wants[want.field]

    def believe(self, changed: Field, value: Value, now: float) -> None:
        """Take an answer as true until reports say so, or for a while."""
        if changed not in self.echoed:
            self.beliefs[changed] = Belief(value, now + BELIEF_SECONDS)

    def reported(self, state: VoiceState | None, now: float) -> None:
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
            if now >= belief.until or values.get(believed) == belief.value:
                del self.beliefs[believed]

    def values(self, state: VoiceState | None, now: float) -> Values:
        """What is the case as far as we know; no flags of somebody who is not connected.

        Who was reported gone is gone, wherever an answer has put them before.
        """
        values = reported_values(state)
        for believed, belief in list(self.beliefs.items()):
            if now >= belief.until:
                del self.beliefs[believed]
            elif believed in values and values[Field.PLACE] != GONE:
                values[believed] = belief.value
        return values


def reported_values(state: VoiceState | None) -> Values:
    """What a report says of the fields."""
    if state is None or state.channel_id is None:
        return {Field.PLACE: GONE}
    return {
        Field.PLACE: Place(state.channel_id),
        Field.MUTE: state.guild_mute,
        Field.DEAF: state.guild_deaf,
    }
