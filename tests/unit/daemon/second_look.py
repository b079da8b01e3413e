"""Somebody who looks a second time, and a world to look at."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from tests.support.stage import GUILD
from tests.unit.daemon.parts import Running, moderate
from voxguard.daemon.moderator import Moderator
from voxguard.daemon.reconcile import Pace, Reconciler, Surroundings, as_dispatch
from voxguard.model.ids import GuildId, UserId
from voxguard.model.world import VoiceState
from voxguard.ports.discord import GatewayStatus
from voxguard.ports.enforcement import EnforcementStats
from voxguard.ports.reconciliation import Looked, ReconciliationStats

QUIET = "rules: {quiet: {where: lobby, then: {mute: true}}}"
QUICK = Pace(round_seconds=0.01, least_seconds=0.001, sure_seconds=0.005, busy_seconds=0.001)


class World:
    """Where members really are; may refuse to say so, and may have something better to do."""

    def __init__(self) -> None:
        self.states: dict[UserId, VoiceState] = {}
        self.answer: Callable[[UserId], Looked | None] = lambda _: None
        self.asked: list[UserId] = []
        self.renewed: list[GuildId] = []
        self.stats = EnforcementStats()
        self.seen_busy = 0
        self.status = GatewayStatus(1, frozenset({0}))

    async def look(self, _guild_id: GuildId, user_id: UserId) -> Looked:
        """What Discord says."""
        self.asked.append(user_id)
        await asyncio.sleep(0)
        return self.answer(user_id) or Looked(self.states.get(user_id, VoiceState(user_id, None)))

    def enforcement(self) -> EnforcementStats:
        """What there is to do."""
        self.seen_busy += 1
        return self.stats

    def renew(self, guild_id: GuildId) -> bool:
        """As the gateway does it."""
        self.renewed.append(guild_id)
        return True

    async def run(self) -> None:
        """Never called."""

    async def close(self) -> None:
        """Never called."""


class Rig:
    """A moderator, what it was told, and one who compares that with the world."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.moderator: Moderator = moderate(running, QUIET)
        self.world = World()
        self.stats = ReconciliationStats()
        self.reports: list[Mapping[str, Any]] = []
        self.reconciler = Reconciler(
            self.moderator.engine,
            self.world,
            self._report,
            self.stats,
            Surroundings(self.world, self.world.enforcement),
            QUICK,
        )

    def told(self, *states: VoiceState) -> None:
        """Discord has reported these, and they are so."""
        for state in states:
            self.world.states[state.user_id] = state
            self.moderator.dispatch("VOICE_STATE_UPDATE", as_dispatch(GUILD, state))

    def _report(self, name: str, payload: Mapping[str, Any]) -> None:
        self.reports.append(payload)
        self.moderator.dispatch(name, payload)

    def channel(self, user: UserId) -> object:
        """Where the engine takes a member to be."""
        guild = self.moderator.engine.guild(GUILD)
        assert guild is not None
        member = guild.members.get(user)
        return member.channel_id if member is not None and member.connected else None
