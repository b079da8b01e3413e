"""The durable memory beside the daemon: what it must hold before anything is done to anybody."""

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol
from uuid import UUID

from voxguard.errors import UsageError, VoxguardError
from voxguard.model.decisions import Decision, Outcome
from voxguard.model.ids import GuildId, UserId
from voxguard.model.visits import Visit


class OutboxError(VoxguardError):
    """The outbox cannot be read or written: a full disk, a read-only or damaged file.

    Nothing that it should have recorded may be done to anybody. Later commits may succeed.
    """

    # Its directory is a setting that cannot be used; 1 is for findings.
    exit_code = UsageError.exit_code


class UnkeepableError(OutboxError):
    """What a batch holds cannot be kept, however often it is tried; other batches can."""


class OutboxLostError(OutboxError):
    """The outbox is of no use to this process any more; the next one begins it anew.

    Nothing that it has not recorded yet will ever be.
    """

    # Not 2: whoever supervises the daemon is to start it again.
    exit_code = 70


@dataclass(frozen=True, slots=True)
class OutcomeRecord:
    """How a recorded decision went; `error` is Discord's code and text.

    An outcome of None says that it is sent now, after it had to wait: whoever finds it so
    does not know what became of it.
    """

    decision_id: UUID
    decided_at: datetime
    outcome: Outcome | None
    error: str | None = None
    executed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MemberRecord:
    """The engine's memory of one member, opaque here; a state of None forgets it."""

    guild_id: GuildId
    user_id: UserId
    state: bytes | None


@dataclass(frozen=True, slots=True)
class OutboxBatch:
    """What becomes durable together, all of it or nothing.

    `policy_revision` belongs to the decisions, and to the visits that begin here. Outcomes
    may be of decisions in the same batch. What is known already does not go backwards: a
    final outcome and the end of a visit stay what they were first.
    """

    policy_revision: str = ""
    decisions: tuple[Decision, ...] = ()
    outcomes: tuple[OutcomeRecord, ...] = ()
    visits: tuple[Visit, ...] = ()
    members: tuple[MemberRecord, ...] = ()
    alive_at: datetime | None = None
    meta: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UnfinishedDecision:
    """A decision without a final outcome; None means that the daemon died before the answer."""

    decision: Decision
    policy_revision: str
    outcome: Outcome | None


@dataclass(frozen=True, slots=True)
class OutboxState:
    """What a starting daemon finds of its former self.

    `set_aside` names the damaged file that this fresh outbox replaces.
    """

    members: tuple[MemberRecord, ...] = ()
    decisions: tuple[UnfinishedDecision, ...] = ()
    visits: tuple[Visit, ...] = ()
    alive_at: datetime | None = None
    meta: Mapping[str, str] = field(default_factory=dict)
    set_aside: Path | None = None


@dataclass(frozen=True, slots=True)
class OutboxStatus:
    """How the outbox stands.

    `set_aside` are the damaged files of this and earlier runs that nobody has taken away
    yet. `failure` says why nothing can be written until the program is started again.
    """

    set_aside: tuple[Path, ...] = ()
    failure: str | None = None

    def complaints(self) -> tuple[str, ...]:
        """What is amiss although there is an outbox that works, one sentence each."""
        return tuple(
            f"an outbox was damaged and set aside as {each}: take it away once it was looked at"
            for each in self.set_aside
        )


class Outbox(Protocol):
    """What the daemon asks of its outbox."""

    def commit(self, batch: OutboxBatch) -> Awaitable[None]:
        """Record a batch at once, in the order of calls; done when it is on disk.

        Raises:
            OutboxError: From the awaitable: nothing of the batch is recorded.
            UnkeepableError: Nor will it be, because of what it holds.
            OutboxLostError: Nor will any other be.
        """
        ...

    async def load(self) -> OutboxState:
        """Everything that a start needs."""
        ...

    async def close(self) -> None:
        """Finish what was committed and let go of the file."""
        ...


@dataclass(frozen=True, slots=True)
class HandoverStatus:
    """How the way from the outbox to the database stands.

    `waiting_rows` are not in the database yet, counted at most a second ago. `refused_rows`
    were refused by it because of what they hold and lie aside in the outbox. `last_error` is
    None once things work again.
    """

    connected: bool = False
    waiting_rows: int = 0
    refused_rows: int = 0
    last_error: str | None = None


class Handover(Protocol):
    """The task that moves rows to the database, as the daemon sees it."""

    @property
    def status(self) -> HandoverStatus:
        """How things stand now."""
        ...

    async def run(self) -> None:
        """Move rows until cancelled."""
        ...

    async def flush(self, timeout_seconds: float) -> bool:
        """Wait until every row is handed over; False when time ran out first."""
        ...
