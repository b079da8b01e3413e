"""What is decided goes to disk first; only then may anything be done about it."""

import asyncio
import contextlib
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Final

import structlog

from voxguard.daemon.gathering import Gathering, describe, parts
from voxguard.model.decisions import Decision
from voxguard.model.visits import Visit
from voxguard.ports.outbox import (
    MemberRecord,
    Outbox,
    OutboxBatch,
    OutboxError,
    OutboxLostError,
    OutcomeRecord,
    UnkeepableError,
)

log = structlog.get_logger("voxguard.ledger")

RETRY_SECONDS = 1.0

MOST_WAITING: Final = 20_000
"""Decisions, visits and notices that may wait for a disk: some tens of megabytes."""


class Ledger:
    """Gathers what a moment brings and commits it in one go, in order.

    While the outbox cannot be written nothing is handed on: it is tried again every
    second, and `failure` says why. `is_full` asks others to bring nothing new then. A record
    that can never be kept is left out, counted in `left_out`, and what is decided with it is
    not done.
    """

    def __init__(
        self,
        outbox: Outbox,
        now: Callable[[], datetime],
        on_durable: Callable[[tuple[Decision, ...]], None],
        on_left_out: Callable[[Decision], None] = lambda _: None,
        *,
        marks: Callable[[], Mapping[str, str]] = dict,
    ) -> None:
        """Commit to `outbox`; `on_durable` is handed decisions once they are on disk.

        `on_left_out` is told of those that will not be done, since they cannot be recorded,
        or the memory that goes with them cannot. What `marks` says goes with each sign of
        life.
        """
        self._marks = marks
        self._outbox = outbox
        self._now = now
        self._on_durable = on_durable
        self._on_left_out = on_left_out
        self._work = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._revision = ""
        self._sealed: list[OutboxBatch] = []
        self._gathering = Gathering()
        self._afterwards: list[Callable[[], None]] = []
        self._readers: list[Callable[[OutboxBatch], None]] = []
        self._under_way = 0
        self.failure: str | None = None
        self.left_out = 0

    @property
    def is_full(self) -> bool:
        """Whether more waits for the disk than should."""
        if self.failure is None:
            return False
        waiting = self._under_way + len(self._gathering) + len(self._afterwards)
        return waiting + sum(map(_weight, self._sealed)) >= MOST_WAITING

    def set_revision(self, revision: str) -> None:
        """From now on what is recorded was decided by this revision."""
        if self._gathering:
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
        self._gathering.add(decisions, outcomes, visits, members, meta or {})
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
        """Commit until cancelled, and note that we are alive when nothing happens.

        Raises:
            OutboxLostError: Nothing can be recorded until the program is started again.
        """
        while True:
            # Not wait_for: before Python 3.12 it forgets a cancellation that comes with the work.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(heartbeat_seconds):
                    await self._work.wait()
            self._work.clear()
            await self._commit()
            if not self._work.is_set():
                self._idle.set()
                # These came while the disk was at work, with nothing more to be recorded.
                self._notify()

    def _notify(self) -> None:
        notices, self._afterwards = self._afterwards, []
        for notice in notices:
            notice()

    async def settled(self) -> None:
        """Return when everything that was recorded is on disk."""
        await self._idle.wait()

    def _gather(self) -> OutboxBatch:
        # First, since whoever finds the clock stepped has something to record.
        alive_at = self._now()
        self._gathering.add((), (), (), (), self._marks())
        batch = self._gathering.batch(self._revision, alive_at)
        self._gathering = Gathering()
        return batch

    async def _commit(self) -> None:
        batches = [*self._sealed, self._gather()]
        notices, self._afterwards = self._afterwards, []
        self._sealed.clear()
        self._under_way = sum(map(_weight, batches)) + len(notices)
        for batch in batches:
            try:
                await self._write(batch)
            except UnkeepableError:
                await self._write_apart(batch)
            else:
                self._hand_on(batch)
        self._under_way = 0
        for notice in notices:
            notice()

    async def _write_apart(self, batch: OutboxBatch) -> None:
        """Find out which records of a batch cannot be kept, and keep the others.

        Of a member whose memory cannot be kept nothing is done: the next start would not know
        of it.
        """
        is_forgotten = False
        for piece in parts(batch):
            try:
                await self._write(piece)
            except UnkeepableError as error:
                if parts(piece):
                    await self._write_apart(piece)
                    continue
                is_forgotten = is_forgotten or bool(piece.members)
                self._leave_out(piece, error)
            else:
                if is_forgotten and piece.decisions:
                    self._hand_back(piece)
                else:
                    self._hand_on(piece)

    def _leave_out(self, piece: OutboxBatch, error: UnkeepableError) -> None:
        what = describe(piece)
        # What a person needs is in the message.
        log.error("a record is left out", what=what, why=str(error), hint=error.hint)
        self.left_out += 1
        self._hand_back(piece)

    def _hand_back(self, batch: OutboxBatch) -> None:
        for decision in batch.decisions:
            self._on_left_out(decision)

    def _hand_on(self, batch: OutboxBatch) -> None:
        if batch.decisions:
            self._on_durable(batch.decisions)
        for reader in self._readers:
            reader(batch)

    async def _write(self, batch: OutboxBatch) -> None:
        """Commit a batch, however long it takes.

        Raises:
            UnkeepableError: It cannot be kept at all.
            OutboxLostError: As `run`.
        """
        while True:
            try:
                await self._outbox.commit(batch)
            except UnkeepableError:
                raise
            except OutboxError as error:
                self._complain(error)
                if isinstance(error, OutboxLostError):
                    raise
                await asyncio.sleep(RETRY_SECONDS)
            else:
                break
        if self.failure is not None:
            log.info("recording works again")
            self.failure = None

    def _complain(self, error: OutboxError) -> None:
        if self.failure is None:
            why = f"{error}; nothing is done to anybody until it works"
            # What a person needs is in the message; it repeats every second.
            log.error("nothing can be recorded", why=why, hint=error.hint)
        self.failure = str(error)


def _weight(batch: OutboxBatch) -> int:
    return len(batch.decisions) + len(batch.visits)
