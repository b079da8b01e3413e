"""The parts that turn what Discord says into what is done, wired to each other."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import datetime
from typing import Any

import structlog

from voxguard.daemon.attendance import Attendance
from voxguard.daemon.background import Background
from voxguard.daemon.budgets import PolicyBudgets
from voxguard.daemon.chronicler import tell
from voxguard.daemon.clock import WallClock
from voxguard.daemon.clockwork import Clockwork
from voxguard.daemon.decision_counts import DecisionCounts
from voxguard.daemon.enforcement.enforcer import Enforcer
from voxguard.daemon.fuse_record import kept_fuses
from voxguard.daemon.ledger import Ledger
from voxguard.daemon.moderator import Moderator
from voxguard.daemon.overflow import Overflow
from voxguard.daemon.recall import Recall
from voxguard.daemon.recorder import Recorder
from voxguard.daemon.relay import Relay
from voxguard.daemon.takeup import take_up
from voxguard.daemon.texts import PolicyTexts
from voxguard.daemon.uptime import Uptime
from voxguard.daemon.voices import EngineVoices
from voxguard.engine.compile import observe_only
from voxguard.engine.engine import Engine
from voxguard.engine.index import RuleIndex
from voxguard.model.decisions import Decision, Outcome
from voxguard.model.events import Event
from voxguard.model.ids import UserId
from voxguard.model.payloads import parse_id
from voxguard.ports.discord import Actor, GatewayStatus
from voxguard.ports.enforcement import Knowledge
from voxguard.ports.outbox import Outbox, OutboxState, OutcomeRecord
from voxguard.ports.recall import RecallStatus, Recollection
from voxguard.ports.reconciliation import ReconciliationStats

log = structlog.get_logger("voxguard.daemon")

REQUESTS_SECONDS = 4.0
"""How long requests under way may take when the daemon stops."""

RECORDS_SECONDS = 1.0
"""How long the last records may take to reach the disk then."""

NOT_RECORDED = "it could not be recorded, and so it was not done"


class Core:
    """Engine, ledger and enforcement; between them goes everything that is decided.

    `sessions` counts how often Discord has begun (`READY`) and resumed (`RESUMED`) one.
    """

    def __init__(
        self,
        outbox: Outbox,
        actor: Actor,
        clock: WallClock,
        *,
        recorder: Recorder | None = None,
        recollection: Recollection | None = None,
        observe: bool = False,
    ) -> None:
        """Wire the parts; with `observe` no rule is enforced, whatever the policies say.

        Without a recollection nothing is read that is not remembered.
        """
        self._clock = clock
        self._recorder = recorder
        self.observe = observe
        self._uptime = Uptime()
        self.ledger = Ledger(
            outbox, clock.now, self._carry_out, self._give_up, marks=self._uptime.mark
        )
        self.counts = DecisionCounts()
        self.ledger.subscribe(self.counts.read)
        self.sessions: Counter[str] = Counter()
        self.moderator = Moderator(
            Engine(fuses=True, humans=True), self.ledger, clock.now, self._notice
        )
        self.clockwork = Clockwork(clock, self.moderator)
        self.token_refused = asyncio.Event()
        self.recall: Recall | None = None
        if recollection is not None:
            self.recall = Recall(
                self.moderator, self.ledger, recollection, clock.now, observe=observe
            )
            self.clockwork.on_step = self.recall.shift
        self.overflow = Overflow(self.ledger, self.moderator)
        self.enforcement = Enforcer(
            actor,
            Knowledge(
                voices=EngineVoices(self.moderator.engine),
                texts=PolicyTexts(self.moderator.engine),
                budgets=PolicyBudgets(self.moderator.engine),
                still_wanted=self.moderator.still_wanted,
                expects=self.moderator.attribution.expects,
            ),
            self.moderator.resolve,
            now=clock.now,
            afterwards=self.ledger.afterwards,
            on_token_refused=self.token_refused.set,
            watcher=self.moderator.attribution,
        )
        self._relay = Relay(self.enforcement)
        self.reconciliation = ReconciliationStats()
        self._attendance = Attendance(self.moderator, self.reconciliation)

    def take_up(self, state: OutboxState) -> None:
        """Go on with what an earlier run has left behind."""
        self.counts.remembers(state.decisions)
        if state.set_aside is not None:
            log.error("the outbox was damaged and is begun anew", kept_as=str(state.set_aside))
        taken = take_up(state, self._clock.now(), self._uptime.since(state.meta))
        for guild in taken.guilds.values():
            self.moderator.engine.restore(guild)
        self.moderator.engine.restore_fuses(kept_fuses(state))
        if taken.shift is not None:
            for guild in self.moderator.engine.guilds:
                guild.fuses.shift(taken.shift.past)
        self.moderator.attribution.take_up(taken.guilds.values())
        self.moderator.chronicler.remembers(state.members)
        self.ledger.record(outcomes=taken.outcomes, visits=taken.visits)
        self.enforcement.restore(taken.unfinished)
        if self.recall is not None:
            self.recall.take_up(state)
            if taken.shift is not None:
                self.recall.shift(taken.shift.past)

    def activate(self, index: RuleIndex) -> None:
        """Decide by another revision from now on."""
        index = observe_only(index) if self.observe else index
        if self.recall is not None:
            self.recall.turn_to(index)
        self.moderator.activate(index)
        self._attendance.look()

    def dispatch(
        self, name: str, payload: Mapping[str, Any], watched_at: datetime | None = None
    ) -> None:
        """Take in one gateway dispatch, in the order in which they come.

        The instant is as in `ports.discord.OnDispatch`.
        """
        if name in {"READY", "RESUMED"}:
            self.sessions[name] += 1
        if name == "READY":
            bot_id = UserId(parse_id(payload["user"]["id"]))
            self._relay.bot_id = self.moderator.attribution.bot_id = bot_id
        if self._recorder is not None:
            self._recorder.write(self._clock.now(), name, payload)
        if not self.overflow.refuses():
            self.moderator.dispatch(name, payload, watched_at)

    @property
    def recalled(self) -> RecallStatus:
        """How far the past is known."""
        return RecallStatus() if self.recall is None else self.recall.status

    def gateway_changed(self, status: GatewayStatus) -> None:
        """Take in how the connection to Discord stands."""
        self.moderator.attribution.shown.status(status)
        self._attendance.status(status)

    @asynccontextmanager
    async def running(self, background: Background) -> AsyncIterator[None]:
        """Record and enforce for as long as the context lasts.

        At its end no new action begins, requests under way finish, and what was decided
        is on disk.
        """
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(background.running("ledger", self.ledger.run()))
            await stack.enter_async_context(background.running("clock", self.clockwork.run()))
            if self.recall is not None:
                await stack.enter_async_context(background.running("recall", self.recall.run()))
            try:
                yield
            finally:
                self.moderator.stop()
                await self.enforcement.close(REQUESTS_SECONDS)
                with suppress(TimeoutError):
                    async with asyncio.timeout(RECORDS_SECONDS):
                        await self.ledger.settled()

    def _carry_out(self, decisions: tuple[Decision, ...]) -> None:
        tell(decisions)
        self.enforcement.submit(decisions)

    def _give_up(self, decision: Decision) -> None:
        failed = Outcome.FAILED
        self.moderator.resolve(
            decision, OutcomeRecord(decision.id, decision.decided_at, failed, NOT_RECORDED)
        )

    def _notice(self, event: Event) -> None:
        self._attendance.event(event)
        self._relay.event(event)
        if self.recall is not None:
            self.recall.event(event)
