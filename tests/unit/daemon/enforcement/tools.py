"""A queue on a virtual clock, with hands to move members and to give Discord's answers."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from voxguard.daemon.enforcement.queue import Queue
from voxguard.daemon.enforcement.requests import Request
from voxguard.model.decisions import NO_PARAMS, RELEASES, Decision, Effect, Mode, Outcome
from voxguard.model.ids import ChannelId, GuildId, RoleId, UserId
from voxguard.model.limits import Budget
from voxguard.model.world import VoiceState
from voxguard.ports.discord import Answer, Applied, MemberEdit, Place, RoleEdit, StageEdit
from voxguard.ports.enforcement import EnforcementStats, Knowledge
from voxguard.ports.outbox import UnfinishedDecision

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
GUILD = GuildId(1)
LOBBY = ChannelId(10)
AFK = ChannelId(11)
LOG = ChannelId(12)
STAGE = ChannelId(13)
DJ = RoleId(20)
STARTED = 1000.0
PLENTY = Budget(1_000_000, timedelta(minutes=1))

PARAMS: Mapping[Effect, Mapping[str, object]] = {
    Effect.MOVE: {"channel": str(AFK)},
    Effect.TIMEOUT: {"seconds": 600},
    Effect.GRANT: {"role": str(DJ)},
    Effect.REVOKE: {"role": str(DJ)},
    Effect.WARN: {"text": "mind the rules"},
    Effect.ANNOUNCE: {"channel": str(LOG), "text": "look"},
}


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
    params: Mapping[str, object] | None = None,
    channel: ChannelId | None = LOBBY,
) -> Decision:
    """A decision about a member in the lobby."""
    if params is None:
        params = PARAMS.get(effect, NO_PARAMS)
    if target is not None:
        params = {**params, "channel": str(target)}
    return Decision(
        id=UUID(int=number),
        episode_id=UUID(int=0),
        decided_at=NOW,
        guild_id=guild,
        user_id=UserId(user),
        channel_id=channel,
        rule=rule,
        effect=effect,
        mode=mode,
        release=effect in RELEASES.values() if release is None else release,
        reason=f"voxguard: {rule}",
        params=params,
    )


class FakeVoices:
    """Voice states and roles as the last reports had them."""

    def __init__(self) -> None:
        self.states: dict[tuple[GuildId, UserId], VoiceState] = {}
        self.known: dict[tuple[GuildId, UserId], frozenset[RoleId]] = {}

    def voice_state(self, guild_id: GuildId, user_id: UserId) -> VoiceState | None:
        """The last report of a connected member."""
        return self.states.get((guild_id, user_id))

    def roles(self, guild_id: GuildId, user_id: UserId) -> frozenset[RoleId] | None:
        """The last report of a member's roles."""
        return self.known.get((guild_id, user_id))

    def set(self, guild: GuildId, user: int, state: VoiceState | None) -> None:
        """Remember a report."""
        key = guild, UserId(user)
        if state is None or state.channel_id is None:
            self.states.pop(key, None)
        else:
            self.states[key] = state


class PlainTexts:
    """Texts as they were written."""

    def text(self, decision: Decision) -> str:
        """Nothing is filled in."""
        return str(decision.params["text"])


class FakeBudgets:
    """As much as anybody could want, until a test says otherwise."""

    def __init__(self) -> None:
        self.guild = PLENTY
        self.rules: dict[str, Budget] = {}

    def guild_budget(self, _guild_id: GuildId) -> Budget:
        """The same for every guild."""
        return self.guild

    def rule_budget(self, _guild_id: GuildId, rule: str) -> Budget | None:
        """The rule's own, if it has one."""
        return self.rules.get(rule)


class Rig:
    """Drives a queue: time, reports, answers; keeps what was sent and told."""

    def __init__(self) -> None:
        self.now = STARTED
        self.voices = FakeVoices()
        self.budgets = FakeBudgets()
        self.stats = EnforcementStats()
        self.unwanted: set[UUID] = set()
        self.expected: set[tuple[GuildId, UserId, Effect]] = set()
        self.jitter = 1.0
        knowledge = Knowledge(
            self.voices,
            PlainTexts(),
            self.budgets,
            lambda decision: decision.id not in self.unwanted,
            lambda *what: what in self.expected,
        )
        self.queue = Queue(knowledge, random=lambda: self.jitter, stats=self.stats)
        self.told: dict[UUID, list[Outcome]] = defaultdict(list)
        self.errors: dict[UUID, str | None] = {}
        self._count = 0

    @property
    def at(self) -> datetime:
        """The present instant on the clock of decisions."""
        return NOW + timedelta(seconds=self.now - STARTED)

    def joined(
        self,
        user: int = 1,
        *,
        guild: GuildId = GUILD,
        channel: ChannelId = LOBBY,
        mute: bool = False,
        deaf: bool = False,
        suppressed: bool = False,
    ) -> None:
        """A report of a connected member."""
        state = VoiceState(
            UserId(user), channel, guild_mute=mute, guild_deaf=deaf, suppressed=suppressed
        )
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
        self.queue.submit(numbered, self.now, self.at)
        return numbered

    def restore(self, decision: Decision, outcome: Outcome | None) -> Decision:
        """Hand over what an earlier process left."""
        self._count += 1
        numbered = replace(decision, id=UUID(int=self._count))
        self.queue.restore([UnfinishedDecision(numbered, "r", outcome)], self.now, self.at)
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
        match request.act:
            case MemberEdit(mute=mute, deaf=deaf, place=place):
                state = self.voices.states[key]
                if mute is not None:
                    state = replace(state, guild_mute=mute)
                if deaf is not None:
                    state = replace(state, guild_deaf=deaf)
                if isinstance(place, Place):
                    state = replace(state, channel_id=place.channel_id)
                self.voices.set(*key, state)
            case StageEdit(suppressed=suppressed):
                self.voices.set(*key, replace(self.voices.states[key], suppressed=suppressed))
            case RoleEdit(role_id=role_id, granted=granted):
                roles = self.voices.known.get(key, frozenset())
                self.voices.known[key] = roles | {role_id} if granted else roles - {role_id}
            case _:
                pass
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
