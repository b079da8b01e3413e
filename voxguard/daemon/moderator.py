"""Where events meet the engine: one thing at a time, and a timer for what is due next."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import structlog

from voxguard.daemon.attribution import Attribution
from voxguard.daemon.chronicler import Chronicler
from voxguard.daemon.departures import Departures
from voxguard.daemon.ledger import Ledger
from voxguard.engine.engine import Engine
from voxguard.engine.index import RuleIndex
from voxguard.engine.recollection import Past
from voxguard.engine.state import episode_ids
from voxguard.model.decisions import Decision, Effect, Outcome
from voxguard.model.dispatch import parse_dispatch
from voxguard.model.events import (
    EnforcementFailed,
    Event,
    GuildAppeared,
    GuildVanished,
    VoiceStateChanged,
)
from voxguard.model.ids import GuildId, UserId
from voxguard.model.payloads import DispatchError
from voxguard.ports.outbox import OutcomeRecord

log = structlog.get_logger("voxguard.moderator")

SLICE = 100
"""Members decided before others get their turn on the event loop: a few milliseconds."""

PLACEMENTS = (Effect.DISCONNECT, Effect.MOVE)
MESSAGES = (Effect.WARN, Effect.ANNOUNCE)
NOT_DONE = (Outcome.SUPERSEDED, Outcome.FAILED, Outcome.UNKNOWN)

LONGEST_NAP_SECONDS = 10.0
"""The timer follows a wall clock, which may be set while it waits."""


class Moderator:
    """Feeds the engine with what Discord says and the ledger with what it decides.

    All of it happens on the event loop, one step after the other. `on_event` is told of
    each event when what was decided upon it has been handed on.
    """

    def __init__(
        self,
        engine: Engine,
        ledger: Ledger,
        now: Callable[[], datetime],
        on_event: Callable[[Event], None],
    ) -> None:
        """Keep the parts; nothing happens until something is dispatched or activated."""
        self._engine = engine
        self._ledger = ledger
        self._now = now
        self._on_event = on_event
        self._departures = Departures(engine)
        self.attribution = Attribution(engine, now)
        self.chronicler = Chronicler(engine, ledger)
        self._timer: asyncio.TimerHandle | None = None
        self._waiting: deque[tuple[Event, ...]] = deque()
        self._slicing = False
        self._stopped = False

    @property
    def engine(self) -> Engine:
        """The engine, to be read only."""
        return self._engine

    def dispatch(self, name: str, payload: object, watched_at: datetime | None = None) -> None:
        """Take in one gateway dispatch; the instant is as in `ports.discord.OnDispatch`."""
        try:
            event = parse_dispatch(name, payload)
        except DispatchError as error:
            log.warning("ignored what cannot be understood", dispatch=name, why=str(error))
            return
        if watched_at is not None and isinstance(event, GuildAppeared | GuildVanished):
            event = replace(event, watched_at=watched_at)
        if event is not None:
            self.take(event)

    def take(self, *events: Event) -> None:
        """Apply events of this instant and decide whom they concern.

        Whoever is due by time alone was due before, and is decided without these.
        """
        wake_at = self._engine.wake_at
        if wake_at is not None and wake_at < self._now():
            self._step(())
        if self._engine.overdue or self._waiting:
            self._waiting.append(events)
        else:
            self._take(events)

    def _take(self, events: tuple[Event, ...]) -> None:
        for event in events:
            self._step_each(self.attribution.missed(event))
        told = map(self.attribution.tell_apart, events)
        taken = tuple(event for event in told if event is not None)
        for event in taken:
            match event:
                case VoiceStateChanged():
                    self._departures.reported(event)
                case GuildAppeared(guild=snapshot):
                    self._step_each(self._departures.lost(snapshot))
                case _:
                    pass
        self._step(taken)
        for event in events:
            self._ledger.afterwards(partial(self._on_event, event))

    def activate(self, index: RuleIndex) -> None:
        """Decide by another revision from now on, everybody who is connected included."""
        self._ledger.set_revision(index.revision)
        self._engine.activate(index, self._now())
        self._step(())

    def reset_fuse(self, guild_id: GuildId, rule: str) -> list[UserId] | None:
        """Let a rule act again whose fuse is blown; whom it concerns is decided at once.

        None where its fuse was whole.
        """
        concerned = self._engine.reset_fuse(guild_id, rule)
        if concerned is not None:
            self._step(())
        return concerned

    def recollect(self, guild_id: GuildId, pasts: Iterable[Past]) -> None:
        """Take up what the log says of former days, and decide whom it concerns."""
        self._engine.recollect(guild_id, pasts, self._now())
        self._step(())

    def know_stays(self, guild_id: GuildId, since_at: datetime | None) -> None:
        """From when on a guild's stays are known; None is as far as any rule looks."""
        self._engine.know_stays(guild_id, since_at)
        self._step(())

    def time_broke(self, by: timedelta, watched_at: datetime | None, at: datetime) -> None:
        """The wall clock was stepped by so much, or nobody has watched since an instant."""
        if by:
            self._engine.shift(by, at)
        if watched_at is not None:
            self._engine.lose_sight(watched_at, at)
        self._step(())

    def resolve(self, decision: Decision, outcome: OutcomeRecord) -> None:
        """Record how a decision went; a failure is a fact that others may depend on.

        Whether a message arrived changes nothing of the member.
        """
        self._ledger.record(outcomes=(outcome,))
        if outcome.outcome is Outcome.APPLIED and decision.effect in PLACEMENTS:
            self._departures.confirmed(decision)
        key = (decision.guild_id, decision.user_id)
        if "ended" in decision.details and outcome.outcome in NOT_DONE:
            self.take(EnforcementFailed(*key, decision.effect, lifting=decision))
            return
        dropped = outcome.outcome is Outcome.SUPERSEDED and decision.effect in PLACEMENTS
        failed = outcome.outcome is Outcome.FAILED and decision.effect not in MESSAGES
        if (failed or dropped) and self._still_matters(decision):
            self.take(EnforcementFailed(*key, decision.effect, decision.params))

    def _still_matters(self, decision: Decision) -> bool:
        """Whether what became of a decision says anything of the member as they are now.

        Answers are slow: whoever has left and come back meanwhile is decided anew, and what
        was decided then must not be undone by the end of what was decided before.
        """
        if decision.release:
            return True
        if decision.effect not in PLACEMENTS:
            return self.still_wanted(decision)
        member = self._engine.member(decision.guild_id, decision.user_id)
        if member is None or member.visit is None or member.enforced.placement is None:
            return False
        placement = member.enforced.placement
        target = None if placement.target_id is None else str(placement.target_id)
        return (
            member.in_visit(decision.decided_at)
            and placement.effect is decision.effect
            and target == decision.params.get("channel")
        )

    def still_wanted(self, decision: Decision) -> bool:
        """Whether the episode that a decision belongs to goes on."""
        member = self._engine.member(decision.guild_id, decision.user_id)
        return member is not None and decision.episode_id in episode_ids(member)

    def stop(self) -> None:
        """Take nothing in and decide nobody any more."""
        self._stopped = True
        if self._timer is not None:
            self._timer.cancel()

    def _step_each(self, events: Iterable[Event]) -> None:
        for event in events:
            self._step((event,))

    def _step(self, events: Iterable[Event]) -> None:
        if self._stopped:
            return
        self.chronicler.note(self._engine.step(events, self._now(), limit=SLICE))
        if self._engine.unfinished:
            if not self._slicing:
                self._slicing = True
                asyncio.get_running_loop().call_soon(self._next_slice)
        else:
            self._set_timer()

    def _next_slice(self) -> None:
        self._slicing = False
        self._step(())
        while self._waiting and not self._engine.overdue:
            self._take(self._waiting.popleft())

    def _set_timer(self) -> None:
        # Looking at the clock may bring a step, which sets the timer.
        now = self._now()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        wake_at = self._engine.wake_at
        if wake_at is not None:
            seconds = (wake_at - now).total_seconds()
            delay = min(max(0.0, seconds), LONGEST_NAP_SECONDS)
            self._timer = asyncio.get_running_loop().call_later(delay, self._wake)

    def _wake(self) -> None:
        self._timer = None
        now, wake_at = self._now(), self._engine.wake_at
        if wake_at is not None and wake_at <= now:
            self._step(())
        else:
            self._set_timer()
