"""A daemon's parts without Discord, to be looked at while they are at work."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

from tests.support.stage import LOBBY, make_index, users, voice
from tests.unit.daemon.parts import SNAPSHOT, START, Clock, MemoryOutbox
from voxguard.daemon.background import Background
from voxguard.daemon.clock import WallClock
from voxguard.daemon.core import Core
from voxguard.daemon.insight import CountedPolicies, Insight
from voxguard.daemon.reload.status import LoadCounts, ReloadStatus
from voxguard.daemon.vitals import Vitals
from voxguard.model.ids import GuildId, UserId
from voxguard.ports.discord import (
    Act,
    Actor,
    Answer,
    Applied,
    Gateway,
    GatewayStatus,
    OpenDirect,
    Opened,
)
from voxguard.ports.outbox import Handover, HandoverStatus

FUSED = """
rules:
  quiet: {where: lobby, limits: {fuse: {members: 2, within: 30s}}, then: {mute: true}}
  hello: {where: music, then: {warn: Hello.}}
"""


class Obedient(Actor):
    """A Discord that does everything, or answers what it is told to."""

    def __init__(self) -> None:
        self.answer: Answer | None = None

    async def act(
        self,
        guild_id: GuildId,  # noqa: ARG002 - whoever it is about
        user_id: UserId,  # noqa: ARG002 - as guild_id
        act: Act,
        reason: str,  # noqa: ARG002 - as guild_id
    ) -> Answer:
        """Do it."""
        if self.answer is not None:
            return self.answer
        return Opened(LOBBY) if isinstance(act, OpenDirect) else Applied()


class Stands:
    """A part that has a status."""

    def __init__(self, status: object) -> None:
        self.status = status
        self.waiting: str | None = None
        self.counts = LoadCounts(loaded=1)


class LookedAt:
    """The parts, and what they say of themselves."""

    def __init__(self, policies: str = FUSED, guild: str = "") -> None:
        self.clock = Clock()
        self.outbox = MemoryOutbox()
        self.actor = Obedient()
        self.index = make_index(policies, guild=guild)
        self.core = Core(self.outbox, self.actor, cast("WallClock", self.clock))
        guild_ids = frozenset(self.index.guilds)
        self.gateway = Stands(GatewayStatus(1, frozenset({0}), guild_ids))
        self.handover = Stands(HandoverStatus(connected=True))
        self.policies = Stands(ReloadStatus(revision=self.index.revision))
        self.set_aside: Path | None = None

    def insight(self) -> Insight:
        """All of it."""
        gateway = cast("Gateway", self.gateway)
        handover = cast("Handover", self.handover)
        policies = cast("CountedPolicies", self.policies)
        return Insight(
            core=self.core,
            gateway=gateway,
            handover=handover,
            policies=policies,
            set_aside=self.set_aside,
            vitals=Vitals(
                self.core.moderator.engine, gateway, handover, self.core.ledger, policies
            ),
            now=self.clock.now,
            started_at=START,
        )

    def enter(self, count: int) -> None:
        """So many members come into the lobby."""
        self.core.moderator.take(*(voice(user, LOBBY) for user in users(count)))

    async def settled(self) -> None:
        """Return when everything is on disk and was carried out."""
        async with asyncio.timeout(10):
            while True:
                await self.core.ledger.settled()
                stats = self.core.enforcement.stats
                if not stats.in_flight and stats.waiting == stats.pending + stats.deferred:
                    return
                await asyncio.sleep(0)


@asynccontextmanager
async def at_work(policies: str = FUSED, guild: str = "") -> AsyncIterator[LookedAt]:
    """A core that records and enforces, with the guild in sight."""
    each = LookedAt(policies, guild)
    async with each.core.running(Background()):
        each.core.activate(each.index)
        each.core.moderator.take(SNAPSHOT)
        yield each
