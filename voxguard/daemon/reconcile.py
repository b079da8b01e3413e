"""Compares what was reported of members with what Discord says when asked, a few at a time.

Reports are not supposed to get lost: a session that is resumed brings what was missed, and
a new one shows every guild as it is. Should one be lost all the same, or not be understood,
a member would stay unmoderated, or muted, until their next report.
"""

import asyncio
import random
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog

from voxguard.daemon.voices import EngineVoices
from voxguard.engine.engine import Engine
from voxguard.model.ids import ChannelId, GuildId, UserId
from voxguard.model.world import VoiceState
from voxguard.ports.discord import Gateway
from voxguard.ports.enforcement import EnforcementStats
from voxguard.ports.reconciliation import Drift, ReconciliationStats, VoiceReader

log = structlog.get_logger("voxguard.reconciliation")

MOST_REFUSALS = 10
"""So many refusals end a round: too many of them get an address banned for a while."""

Target = tuple[GuildId, UserId]
Report = Callable[[str, Mapping[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Pace:
    """How much is asked, in seconds.

    A round is spread over `round_seconds`, with `least_seconds` at least between two
    questions. Who differs is asked after again `sure_seconds` later, since a report may be
    on its way. `busy_seconds` is how long to wait while there is something better to do.
    """

    round_seconds: float = 300.0
    least_seconds: float = 0.5
    sure_seconds: float = 5.0
    busy_seconds: float = 1.0


USUAL = Pace()


class Surroundings:
    """What else goes on in the daemon: questions come after everything else."""

    def __init__(self, gateway: Gateway, enforcement: Callable[[], EnforcementStats]) -> None:
        """Look at the connection, and at what enforcement has to do."""
        self._gateway = gateway
        self._enforcement = enforcement

    def is_busy(self) -> bool:
        """Whether there is something better to do than to ask, or nothing to compare with."""
        stats = self._enforcement()
        to_send = stats.waiting - stats.pending - stats.deferred
        return to_send > 0 or not self._gateway.status.is_connected

    def renew(self, guild_id: GuildId) -> bool:
        """Have Discord show the guild anew; False where that must not be now."""
        return self._gateway.renew(guild_id)


@dataclass(slots=True)
class Found:
    """What a round has found so far; `mistaken` are guilds of which reports were missed."""

    drift: Counter[Drift] = field(default_factory=Counter)
    mistaken: set[GuildId] = field(default_factory=set)
    closed: set[tuple[GuildId, ChannelId | None]] = field(default_factory=set)
    refusals: int = 0


class Reconciler:
    """Asks after everybody who is connected or has a lease, round after round."""

    def __init__(
        self,
        engine: Engine,
        reader: VoiceReader,
        report: Report,
        stats: ReconciliationStats,
        surroundings: Surroundings,
        pace: Pace = USUAL,
    ) -> None:
        """Compare with this engine, and report differences to it as dispatches."""
        self._engine = engine
        self._voices = EngineVoices(engine)
        self._reader = reader
        self._report = report
        self._stats = stats
        self._surroundings = surroundings
        self._pace = pace
        self._complaint: str | None = None
        self._free_at = 0.0

    async def run(self) -> None:
        """Go round until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            ends_at = loop.time() + self._pace.round_seconds
            try:
                await self.round()
            except Exception:
                # It is a second look at what is reported anyhow, and ends nothing.
                log.exception("a round of reconciliation has ended early")
            await asyncio.sleep(max(0.0, ends_at - loop.time()))

    async def round(self) -> None:
        """Ask after everybody once, and again after whoever differs."""
        loop = asyncio.get_running_loop()
        targets = self._targets()
        gap = max(self._pace.least_seconds, self._pace.round_seconds / max(1, len(targets)))
        suspects: deque[tuple[float, Target]] = deque()
        found = Found()
        while (targets or suspects) and found.refusals < MOST_REFUSALS:
            await asyncio.sleep(gap if targets else self._pace.least_seconds)
            if suspects and (not targets or suspects[0][0] <= loop.time()):
                due_at, target = suspects.popleft()
                await asyncio.sleep(max(0.0, due_at - loop.time()))
                await self._put_right(target, found)
            else:
                target = targets.pop()
                if await self._ask(target, found) is not None:
                    suspects.append((loop.time() + self._pace.sure_seconds, target))
        self._conclude(found)

    def _targets(self) -> list[Target]:
        targets = [
            (guild.id, user_id)
            for guild in self._engine.guilds
            if guild.available and guild.id in self._engine.index.guilds
            for user_id, member in guild.members.items()
            if member.connected or member.enforced.leases
        ]
        # Whoever is asked after late, or in a round that ends early, has their turn another time.
        random.shuffle(targets)
        return targets

    async def _ask(self, target: Target, found: Found) -> tuple[Drift, VoiceState] | None:
        """What Discord says of a member, where that differs from what was reported."""
        await self._wait_for_quiet()
        known = self._known(target)
        if known is None or (target[0], known.channel_id) in found.closed:
            return None
        looked = await self._reader.look(*target)
        self._free_at = asyncio.get_running_loop().time() + looked.pause_seconds
        self._stats.asked += 1
        if looked.state is None:
            self._stats.unanswered += 1
            if looked.refused:
                found.refusals += 1
                found.closed.add((target[0], known.channel_id))
                self._complain(looked.reason)
            return None
        # What is reported while the question is under way may be newer than the answer.
        drift = compare(known, looked.state) if self._known(target) == known else None
        return None if drift is None else (drift, looked.state)

    async def _wait_for_quiet(self) -> None:
        while self._surroundings.is_busy():  # noqa: ASYNC110 - a hint, that nobody announces
            await asyncio.sleep(self._pace.busy_seconds)
        await asyncio.sleep(max(0.0, self._free_at - asyncio.get_running_loop().time()))

    async def _put_right(self, target: Target, found: Found) -> None:
        """Ask again, and report what differs still."""
        answer = await self._ask(target, found)
        if answer is None:
            return
        drift, state = answer
        found.drift[drift] += 1
        self._stats.drift[drift] += 1
        if drift is not Drift.FLAGS:
            found.mistaken.add(target[0])
        self._report("VOICE_STATE_UPDATE", as_dispatch(target[0], state))

    def _known(self, target: Target) -> VoiceState | None:
        """What was reported last, also that somebody is not there; None where nobody watches."""
        guild_id, user_id = target
        guild = self._engine.guild(guild_id)
        if guild is None or not guild.available:
            return None
        return self._voices.voice_state(guild_id, user_id) or VoiceState(user_id, None)

    def _complain(self, reason: str) -> None:
        if reason != self._complaint:
            self._complaint = reason
            log.warning("Discord does not say where some members are", why=reason)

    def _conclude(self, found: Found) -> None:
        self._stats.rounds += 1
        if not found.drift:
            return
        renewed = sum(self._surroundings.renew(guild_id) for guild_id in sorted(found.mistaken))
        self._stats.renewed += renewed
        counts = {drift.value: count for drift, count in sorted(found.drift.items())}
        log.warning(
            "members were not as reported; put right",
            **counts,
            guilds=[str(guild_id) for guild_id in sorted(found.mistaken)],
            renewed=renewed,
        )


def compare(known: VoiceState, found: VoiceState) -> Drift | None:
    """How a member is otherwise than was reported, if at all."""
    if found.channel_id is None:
        return None if known.channel_id is None else Drift.GONE
    if known.channel_id is None:
        return Drift.UNSEEN
    if found.channel_id != known.channel_id:
        return Drift.ELSEWHERE
    return None if found == known else Drift.FLAGS


def as_dispatch(guild_id: GuildId, state: VoiceState) -> dict[str, Any]:
    """The voice state as a VOICE_STATE_UPDATE would bring it."""
    return {
        "guild_id": str(guild_id),
        "user_id": str(state.user_id),
        "channel_id": None if state.channel_id is None else str(state.channel_id),
        "mute": state.guild_mute,
        "deaf": state.guild_deaf,
        "self_mute": state.self_mute,
        "self_deaf": state.self_deaf,
        "suppress": state.suppressed,
        "self_video": state.camera,
        "self_stream": state.streaming,
    }
