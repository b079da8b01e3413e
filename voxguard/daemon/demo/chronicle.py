"""What was decided, how it went and how quick it was, from the ledger and Discord's side."""

from collections.abc import Callable
from datetime import datetime, timedelta
from statistics import median
from typing import Final
from uuid import UUID

from voxguard.daemon.demo.tables import effect_text, name_of
from voxguard.daemon.demo.view import Cause, DecisionView, EditView
from voxguard.engine.engine import Engine
from voxguard.model.decisions import Decision
from voxguard.model.ids import UserId
from voxguard.ports.outbox import OutboxBatch, OutcomeRecord
from voxguard.sandbox.sandbox import Sandbox
from voxguard.sandbox.world.world import Dispatch

# An event that is older did not give rise to the decision.
_RECENT: Final = timedelta(seconds=0.5)
# What a saved file gives rise to comes with its revision, and within this time.
_EDIT: Final = timedelta(seconds=5)


class Chronicle:
    """Reads along with the ledger, and knows when Discord sent what and was asked for what.

    `edit` is the latest one, and `revision` the one that everybody has had time to see: what
    is decided by another follows from that edit.
    """

    def __init__(
        self, sandbox: Sandbox, engine: Engine, tell: Callable[[DecisionView], None]
    ) -> None:
        """Begin with nothing; `tell` is called with each decision that has ended."""
        self._sandbox = sandbox
        self._engine = engine
        self._tell = tell
        self._decided: dict[UUID, tuple[Decision, DecisionView, datetime]] = {}
        self._events: dict[UserId, datetime] = {}
        self.visits: set[UUID] = set()
        self.edit: EditView | None = None
        self.revision = ""
        sandbox.world.subscribe(self._sent, lambda _story: None)

    @property
    def decisions(self) -> tuple[DecisionView, ...]:
        """Everything that was decided, in order."""
        return tuple(view for _, view, _ in self._decided.values())

    @property
    def p50_seconds(self) -> float | None:
        """The median from an event, or the instant at which time decided, to the request."""
        timed = [
            view.latency_seconds
            for view in self.decisions
            if view.latency_seconds is not None and view.cause in {Cause.EVENT, Cause.TIMER}
        ]
        return median(timed) if timed else None

    def read(self, batch: OutboxBatch) -> None:
        """Take in what is on disk now."""
        for decision in batch.decisions:
            self._add(decision, batch.policy_revision)
        for outcome in batch.outcomes:
            self._settle(outcome)
        self.visits.update(visit.id for visit in batch.visits)
        self._sandbox.journal.touch()

    def _sent(self, dispatch: Dispatch) -> None:
        if dispatch.name == "VOICE_STATE_UPDATE":
            self._events[UserId(int(dispatch.data["user_id"]))] = self._sandbox.clock.now()

    def _add(self, decision: Decision, revision: str) -> None:
        guild = self._engine.guild(decision.guild_id)
        if guild is None:
            return
        cause, since_at = self._cause(decision, revision)
        view = DecisionView(
            at=decision.decided_at,
            rule=decision.rule,
            effect=effect_text(guild, decision.effect, decision.params),
            member=name_of(guild, decision.user_id),
            cause=cause,
        )
        self._decided[decision.id] = (decision, view, since_at)

    def _cause(self, decision: Decision, revision: str) -> tuple[Cause, datetime]:
        at = decision.decided_at
        sent_at = self._events.get(decision.user_id)
        if sent_at is not None and timedelta() <= at - sent_at < _RECENT:
            return Cause.EVENT, sent_at
        edit = self.edit
        if edit is None:
            # Nobody has done anything yet to a member of whom no event was seen.
            return (Cause.START if sent_at is None else Cause.TIMER), at
        is_new = revision != self.revision and timedelta() <= at - edit.saved_at < _EDIT
        return (Cause.EDIT, edit.saved_at) if is_new else (Cause.TIMER, at)

    def _settle(self, outcome: OutcomeRecord) -> None:
        found = self._decided.get(outcome.decision_id)
        if found is None or outcome.outcome is None:
            return
        decision, view, since_at = found
        view.outcome = outcome.outcome.value
        request_at = self._requested(decision)
        if request_at is not None:
            view.latency_seconds = (request_at - since_at).total_seconds()
        if outcome.outcome.is_final:
            self._tell(view)

    def _requested(self, decision: Decision) -> datetime | None:
        """When Discord was asked for it."""
        path = f"/guilds/{decision.guild_id}/members/{decision.user_id}"
        for request in reversed(self._sandbox.requests):
            if request.at < decision.decided_at:
                break
            ours = (request.reason or "").startswith(f"voxguard: {decision.rule}")
            if ours and request.path.startswith(path):
                return request.at
        return None
