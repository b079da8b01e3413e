"""A queue on a virtual clock, with hands to move members and to give Discord's answers."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from voxguard.daemon.enforcement.queue import Queue
from voxguard.daemon.enforcement.wants import Request
from voxguard.model.decisions import NO_PARAMS, Decision, Effect, Mode, Outcome
from voxguard.model.ids import ChannelId, GuildId, UserId
from voxguard.model.world import VoiceState
from voxguard.ports.discord import Answer, Applied, Place
from voxguard.ports.enforcement import EnforcementStats
from voxguard.ports.outbox import UnfinishedDecision

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
GUILD = GuildId(1)
LOBBY = ChannelId(10)
AFK = ChannelId(11)
RELEASES = (Effect.UNMUTE, Effect.UNDEAFEN)


def decide(
    effect: Effect,
    user: int = 1,
    *,
    guild: GuildId = GUILD,
    number: int = 0,
    rule: str = "rule",
    mode: Mode = Mode.ENFORCE,
    release: bool | None = None,
    target: ChannelId | None = None,
) -> Decision:
    """A decision about a member in the lobby."""
    params: Mapping[str, object] = NO_PARAMS
    if effect is Effect.MOVE:
        params = {"channel": str(target or AFK)}
    return Decision(
        id=UUID(int=number),
        episode_id=UUID(int=0),
        decided_at=NOW,
        guild_id=guild,
        user_id=UserId(user),
        channel_id=LOBBY,
        rule=rule,
        effect=effect,
        mode=mode,
        release=effect in RELEASES if release is None else release,
        reason=f"voxguard: {rule}",
        params=params,
    )


class FakeVoices:
    """Voice states as the last reports had them."""

    def __init__(self) -> None:
        self.states: dict[tuple[GuildId, UserId], VoiceState] = {}

    def voice_state(self, guild_id: GuildId, user_id: UserId) -> VoiceState | None:
        """The last report of a connected member."""
        return self.states.get((guild_id, user_id))

    def set(self, guild: GuildId, user: int, state: VoiceState | None) -> None:
        """Remember a report."""
        key = guild, UserId(user)
        if state is None or state.channel_id is None:
            self.states.pop(key, None)
        else:
            self.states[key] = state


class Rig:
    """Drives a queue: time, reports, answers; keeps what was sent and told."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.voices = FakeVoices()
        self.stats = EnforcementStats()
        self.unwanted: set[UUID] = set()
        self.jitter = 1.0
        self.queue = Queue(
            self.voices,
            still_wanted=lambda decision: decision.id not in self.unwanted,
            random=lambda: self.jitter,
            stats=self.stats,
        )
        self.told: dict[UUID, list[Outcome]] = defaultdict(list)
        self.errors: dict[UUID, str | None] = {}
        self._count = 0

    def joined(
        self,
        user: int = 1,
        *,
        guild: GuildId = GUILD,
        channel: ChannelId = LOBBY,
        mute: bool = False,
        deaf: bool = False,
    ) -> None:
        """A report of a connected member."""
        state = VoiceState(UserId(user), channel, guild_mute=mute, guild_deaf=deaf)
        self.voices.set(guild, user, state)
        self.queue.reported(guild, UserId(user), self.now)

    def left(self, user: int = 1, *, guild: GuildId = GUILD) -> None:
        """A report of somebody who is not connected any more."""
        self.voices.set(guild, user, None)
        self.queue.reported(guild, UserId(user), self.now)

    def submit(self, *decisions: Decision) -> list[Decision]:
        """Submit decisions, each with an id of its own."""
        numbered = []
        for decision in decisions:
            self._count += 1
            numbered.append(replace(decision, id=UUID(int=self._count)))
        self.queue.submit(numbered, self.now)
        return numbered

    def restore(self, decision: Decision, outcome: Outcome | None) -> Decision:
        """Hand over what an earlier process left."""
        self._count += 1
        numbered = replace(decision, id=UUID(int=self._count))
        self.queue.restore([UnfinishedDecision(numbered, "r", outcome)], self.now)
        return numbered

    def ready(self) -> list[Request]:
        """Everything that goes now."""
        requests = []
        while (request := self.queue.next_ready(self.now)) is not None:
            requests.append(request)
        return requests

    def one(self) -> Request:
        """The one request that goes now."""
        [request] = self.ready()
        return request

    def answer(self, request: Request, answer: Answer | None = None) -> None:
        """Discord answers."""
        self.queue.answered(request, answer or Applied(), self.now)

    def obey(self, request: Request) -> None:
        """Discord does it, reports it, and answers."""
        key = request.guild_id, request.user_id
        state = self.voices.states[key]
        edit = request.edit
        if edit.mute is not None:
            state = replace(state, guild_mute=edit.mute)
        if edit.deaf is not None:
            state = replace(state, guild_deaf=edit.deaf)
        if isinstance(edit.place, Place):
            state = replace(state, channel_id=edit.place.channel_id)
        self.voices.set(request.guild_id, request.user_id, state)
        self.queue.reported(*key, self.now)
        self.answer(request)

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds

    def outcomes(self, decision: Decision) -> list[Outcome]:
        """What was told of a decision."""
        self.collect()
        return self.told[decision.id]

    def collect(self) -> None:
        """Take what was settled."""
        for settled in self.queue.take_settled():
            self.told[settled.decision.id].append(settled.outcome)
            self.errors[settled.decision.id] = settled.error
