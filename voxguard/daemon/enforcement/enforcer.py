"""The shell around the queue: sends what is ready, brings answers back, tells outcomes."""

import asyncio
import random
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime

import structlog

from voxguard.daemon.enforcement.observer import Observer
from voxguard.daemon.enforcement.queue import Queue
from voxguard.daemon.enforcement.refusal_text import explain
from voxguard.daemon.enforcement.requests import Request
from voxguard.daemon.enforcement.settling import Settled
from voxguard.model.decisions import Decision, Mode, Outcome
from voxguard.model.events import Echo
from voxguard.model.ids import GuildId, UserId
from voxguard.ports.discord import Actor, Answer, RateLimited, Refused, Unreachable
from voxguard.ports.enforcement import (
    Afterwards,
    EnforcementStats,
    Knowledge,
    OnOutcome,
    SentWatcher,
)
from voxguard.ports.outbox import OutcomeRecord, UnfinishedDecision

log = structlog.get_logger("voxguard.enforcement")

EXECUTED = (Outcome.APPLIED, Outcome.FAILED)


class Enforcer:
    """Carries decisions out on the running event loop; what is ready goes at once.

    There is a task for each request under way and one timer, no polling. `afterwards` calls
    back when the outcomes told so far are on disk. `on_token_refused` is called when Discord
    answers 401; nothing is sent from then on.
    """

    def __init__(
        self,
        actor: Actor,
        knowledge: Knowledge,
        on_outcome: OnOutcome,
        *,
        now: Callable[[], datetime],
        afterwards: Afterwards,
        on_token_refused: Callable[[], None] = lambda: None,
        watcher: SentWatcher | None = None,
    ) -> None:
        """Send through `actor`; nothing happens before something is submitted."""
        self._actor = actor
        self._on_outcome = on_outcome
        self._now = now
        self._afterwards = afterwards
        self._on_token_refused = on_token_refused
        self._watcher = watcher
        self._stats = EnforcementStats()
        self._observer = Observer(on_outcome, now, self._stats)
        self._queue = Queue(knowledge, random=random.random, stats=self._stats)
        self._tasks: set[asyncio.Task[None]] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._pumping = False
        self._again = False
        self._closing = False

    @property
    def stats(self) -> EnforcementStats:
        """Counts since the start."""
        self._queue.count(self._time())
        return self._stats

    def submit(self, decisions: Sequence[Decision]) -> None:
        """Carry decisions out that are on disk already; what can be sent is sent at once."""
        self._observer.observe(each for each in decisions if each.mode is Mode.OBSERVE)
        wanted = [each for each in decisions if each.mode is Mode.ENFORCE]
        if wanted:
            self._queue.submit(wanted, self._time(), self._now())
            self._pump()

    def restore(self, unfinished: Sequence[UnfinishedDecision]) -> None:
        """Take up what an earlier process did not finish, in the order in which it was decided."""
        self._observer.observe(
            each.decision for each in unfinished if each.decision.mode is Mode.OBSERVE
        )
        wanted = [each for each in unfinished if each.decision.mode is Mode.ENFORCE]
        self._queue.restore(wanted, self._time(), self._now())
        self._pump()

    def reported(self, guild_id: GuildId, user_id: UserId) -> None:
        """A voice state of the member has arrived; `Voices` knows it already."""
        self._queue.reported(guild_id, user_id, self._time())
        self._pump()

    def guild_appeared(self, guild_id: GuildId) -> None:
        """A snapshot has arrived; `Voices` knows everybody's voice state in it already."""
        self._queue.guild_appeared(guild_id, self._time())
        self._pump()

    def guild_changed(self, guild_id: GuildId) -> None:
        """A permission, role or channel has changed: what Discord refused may work now."""
        self._queue.guild_changed(guild_id, self._time())
        self._pump()

    def done_by_hand(self, guild_id: GuildId, user_id: UserId, changes: Collection[Echo]) -> None:
        """The audit log says that somebody else has done this: it is not ours to undo."""
        self._queue.done_by_hand(guild_id, user_id, changes, self._time())
        self._pump()

    def member_removed(self, guild_id: GuildId, user_id: UserId) -> None:
        """The user is no member any more: nothing is wanted of them."""
        self._queue.member_removed(guild_id, user_id, self._time())
        self._pump()

    async def close(self, timeout_seconds: float) -> None:
        """Begin nothing new and let requests under way finish, for so long at most.

        What has no answer by then has no outcome either: the next start finds it unfinished.
        """
        self._closing = True
        if self._timer is not None:
            self._timer.cancel()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=timeout_seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _time(self) -> float:
        return asyncio.get_running_loop().time()

    def _pump(self) -> None:
        """Send what is ready and tell what is settled, until neither is left.

        Whoever is told an outcome may submit more, which then is part of the same round.
        """
        self._again = True
        if self._pumping:
            return
        self._pumping = True
        try:
            while self._again:
                self._again = False
                self._send_ready()
                for settled in self._queue.take_settled():
                    self._tell(settled)
        finally:
            self._pumping = False
        self._set_timer()

    def _send_ready(self) -> None:
        while not self._closing:
            request = self._queue.next_ready(self._time())
            if request is None:
                break
            task = asyncio.create_task(self._send(request))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def _set_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        wake_at = None if self._closing else self._queue.wake_at(self._time())
        if wake_at is not None:
            self._timer = asyncio.get_running_loop().call_at(wake_at, self._pump)

    async def _send(self, request: Request) -> None:
        if request.marks:
            await self._mark(request.marks)
        if self._watcher is not None:
            self._watcher.sent(request.guild_id, request.user_id, request.act)
        try:
            answer = await self._actor.act(
                request.guild_id, request.user_id, request.act, request.reason
            )
        except Exception as error:
            # Whatever it is, the member must not be waited for until the next start.
            log.exception("a request could not be made", member=str(request.user_id))
            answer = Unreachable(reason=type(error).__name__, in_doubt=True)
        if self._watcher is not None:
            self._watcher.answered(request.guild_id, request.user_id, request.act, answer)
        self._queue.answered(request, answer, self._time())
        self._log(request, answer)
        self._pump()
        if self._queue.token_refused:
            self._on_token_refused()

    async def _mark(self, decisions: Iterable[Decision]) -> None:
        """Have it on disk that these are sent now, although they were deferred before."""
        for decision in decisions:
            self._on_outcome(decision, OutcomeRecord(decision.id, decision.decided_at, None))
        on_disk = asyncio.Event()
        self._afterwards(on_disk.set)
        await on_disk.wait()

    def _tell(self, settled: Settled) -> None:
        decision = settled.decision
        executed_at = self._now() if settled.outcome in EXECUTED else None
        log.info(
            "outcome",
            outcome=settled.outcome.value,
            rule=decision.rule,
            effect=decision.effect.value,
            guild=str(decision.guild_id),
            member=str(decision.user_id),
            decision=str(decision.id),
            error=settled.error,
        )
        self._on_outcome(
            decision,
            OutcomeRecord(
                decision.id, decision.decided_at, settled.outcome, settled.error, executed_at
            ),
        )

    def _log(self, request: Request, answer: Answer) -> None:
        about = {"guild": str(request.guild_id), "member": str(request.user_id)}
        match answer:
            case Refused():
                missing = explain(request, answer)
                if missing is not None:
                    log.warning("missing permission", missing=missing, code=answer.code, **about)
            case RateLimited(retry_after_seconds=seconds, scope=scope):
                log.warning("rate limited", scope=scope.value, retry_after_seconds=seconds, **about)
            case Unreachable(reason=reason):
                log.warning("no answer from Discord, will try again", why=reason, **about)
            case _:
                pass
