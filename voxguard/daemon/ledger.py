"""What is decided goes to disk first; only then may anything be done about it."""

import asyncio
import contextlib
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

import structlog

from voxguard.model.decisions import Decision
from voxguard.model.visits import Visit
from voxguard.ports.outbox import (
    MemberRecord,
    Outbox,
    OutboxBatch,
    OutboxError,
    OutcomeRecord,
)

log = structlog.get_logger("voxguard.ledger")

RETRY_SECONDS = 1.0


class Ledger:
    """Gathers what a moment brings and commits it in one go, in order.

    While the outbox cannot be written nothing is handed on: it is tried again every
    second, and `failure` says why.
    """

    def __init__(
        self,
        outbox: Outbox,
        now: Callable[[], datetime],
        on_durable: Callable[[tuple[Decision, ...]], None],
    ) -> None:
        """Commit to `outbox`; `on_durable` is handed decisions once they are on disk."""
        self._outbox = outbox
        self._now = now
        self._on_durable = on_durable
        self._work = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._revision = ""
        self._sealed: list[OutboxBatch] = []
        self._afterwards: list[Callable[[], None]] = []
        self._readers: list[Callable[[OutboxBatch], None]] = []
        self._clear()
        self.failure: str | None = None

    def _clear(self) -> None:
        self._decisions: list[Decision] = []
        self._outcomes: list[OutcomeRecord] = []
        self._visits: list[Visit] = []
        self._members: list[MemberRecord] = []
        self._meta: dict[str, str] = {}

    def set_revision(self, revision: str) -> None:
        """From now on what is recorded was decided by this revision."""
        self._sealed.append(self._gather())
        self._revision = revision

    def subscribe(self, reader: Callable[[OutboxBatch], None]) -> None:
        """Show every batch to `reader` from now on, once it is on disk and handed on."""
        self._readers.append(reader)

    def record(
        self,
        *,
        decisions: Iterable[Decision] = (),
        outcomes: Iterable[OutcomeRecord] = (),
        visits: Iterable[Visit] = (),
        members: Iterable[MemberRecord] = (),
        meta: Mapping[str, str] | None = None,
    ) -> None:
        """Add to what the next commit will make durable."""
        self._decisions += decisions
        self._outcomes += outcomes
        self._visits += visits
        self._members += members
        self._meta |= meta or {}
        self._idle.clear()
        self._work.set()

    def afterwards(self, notice: Callable[[], None]) -> None:
        """Call back when everything recorded so far is on disk and handed on.

        At once, if it is already.
        """
        if self._idle.is_set():
            notice()
        else:
            self._afterwards.append(notice)

    async def run(self, heartbeat_seconds: float = 5.0) -> None:
        """Commit until cancelled, and note that we are alive when nothing happens."""
        while True:
            # Not wait_for: before Python 3.12 it forgets a cancellation that comes with the work.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(heartbeat_seconds):
                    await self._work.wait()
            self._work.clear()
            await self._commit()
            if not self._work.is_set():
                self._idle.set()

    async def settled(self) -> None:
        """Return when everything that was recorded is on disk."""
        await self._idle.wait()

    def _gather(self) -> OutboxBatch:
        batch = OutboxBatch(
            policy_revision=self._revision,
            decisions=tuple(self._decisions),
            outcomes=tuple(self._outcomes),
            visits=tuple(self._visits),
            members=tuple(self._members),
            alive_at=self._now(),
            meta=self._meta,
        )
        self._clear()
        return batch

    async def _commit(self) -> None:
        batches = [*self._sealed, self._gather()]
        notices, self._afterwards = self._afterwards, []
        self._sealed.clear()
        for batch in batches:
            await self._commit_one(batch)
            if batch.decisions:
                self._on_durable(batch.decisions)
            for reader in self._readers:
                reader(batch)
        for notice in notices:
            notice()

    async def _commit_one(self, batch: OutboxBatch) -> None:
        while True:
            try:
                await self._outbox.commit(batch)
            except OutboxError as error:
                if self.failure is None:
                    why = f"{error}; nothing is done to anybody until it works"
                    # What a person needs is in the message; it repeats every second.
                    log.error("nothing can be recorded", why=why)  # noqa: TRY400
                self.failure = str(error)
                await asyncio.sleep(RETRY_SECONDS)
            else:
                break
        if self.failure is not None:
            log.info("recording works again")
            self.failure = None
