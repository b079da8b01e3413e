"""A sandbox with an enforcer before it, over real connections."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

from tests.unit.daemon.enforcement.tools import FakeBudgets, PlainTexts, decide
from voxguard.daemon.enforcement.enforcer import Enforcer
from voxguard.discord.rest import DiscordActor
from voxguard.model.decisions import Decision, Effect, Mode, Outcome
from voxguard.model.ids import ChannelId, GuildId, RoleId, UserId
from voxguard.model.world import VoiceState
from voxguard.ports.enforcement import Knowledge
from voxguard.ports.outbox import OutcomeRecord
from voxguard.sandbox.sandbox import Sandbox
from voxguard.sandbox.world.state import Guild
from voxguard.sandbox.world.world import Dispatch

GUILD = "harbour"
GUILD_ID = GuildId(110373943822540800)
LOBBY_ID = ChannelId(110373943822540801)
AFK_ID = ChannelId(110373943822540802)
LOG_ID = ChannelId(110373943822540805)
STAGE_ID = ChannelId(110373943822540806)
DJ_ID = RoleId(110373943822540812)
ALICE, BOB, CAROL = 80351110224678001, 80351110224678002, 80351110224678003


def want(
    effect: Effect,
    user: int = ALICE,
    *,
    mode: Mode = Mode.ENFORCE,
    params: Mapping[str, object] | None = None,
    channel: ChannelId = LOBBY_ID,
    at: datetime | None = None,
) -> Decision:
    """A decision about a member of the sandbox, moves go to its AFK channel."""
    target = AFK_ID if effect is Effect.MOVE else None
    decision = decide(
        effect, user, guild=GUILD_ID, target=target, mode=mode, params=params, channel=channel
    )
    return replace(decision, id=uuid4(), decided_at=at or decision.decided_at)


class Bench:
    """A sandbox with an enforcer before it, told of voice states as a daemon would be."""

    def __init__(self, sandbox: Sandbox, actor: DiscordActor) -> None:
        self.sandbox = sandbox
        self.records: dict[UUID, list[OutcomeRecord]] = defaultdict(list)
        self.token_refused = asyncio.Event()
        self.budgets = FakeBudgets()
        self.enforcer = Enforcer(
            actor,
            Knowledge(self, PlainTexts(), self.budgets, lambda _: True),
            self._on_outcome,
            now=lambda: datetime.now(UTC),
            afterwards=lambda notice: notice(),
            on_token_refused=self.token_refused.set,
        )
        self._changed = asyncio.Event()
        sandbox.world.subscribe(self._on_dispatch, lambda _: None)

    @property
    def guild(self) -> Guild:
        """The guild of the sandbox."""
        return self.sandbox.world.guilds[GUILD_ID]

    def voice_state(self, guild_id: GuildId, user_id: UserId) -> VoiceState | None:
        """The member as the sandbox has them."""
        member = self.sandbox.world.guilds[guild_id].members[user_id]
        if member.voice is None:
            return None
        return VoiceState(
            user_id,
            member.voice.channel_id,
            guild_mute=member.guild_mute,
            guild_deaf=member.guild_deaf,
            suppressed=member.voice.suppressed,
        )

    def roles(self, guild_id: GuildId, user_id: UserId) -> frozenset[RoleId] | None:
        """The member's roles as the sandbox has them."""
        return frozenset(self.sandbox.world.guilds[guild_id].members[user_id].roles)

    async def outcome(self, decision: Decision, expected: Outcome) -> OutcomeRecord:
        """Wait until an outcome was told."""
        async with asyncio.timeout(10):
            while not (found := [r for r in self.records[decision.id] if r.outcome is expected]):
                self._changed.clear()
                await self._changed.wait()
        return found[0]

    def _on_outcome(self, decision: Decision, record: OutcomeRecord) -> None:
        assert record.decision_id == decision.id
        self.records[decision.id].append(record)
        self._changed.set()

    def _on_dispatch(self, dispatch: Dispatch) -> None:
        if dispatch.name == "VOICE_STATE_UPDATE":
            self.enforcer.reported(GUILD_ID, UserId(int(dispatch.data["user_id"])))
