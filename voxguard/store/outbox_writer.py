"""The one thread that touches the outbox's file: commits that wait go to disk together."""

import asyncio
import sqlite3
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, TypeVar

from voxguard.ports.outbox import OutboxBatch, OutboxError, OutboxLostError
from voxguard.store.outbox_file import open_file, set_aside
from voxguard.store.outbox_work import Commit, Job, lost_error, settle, write_group

T = TypeVar("T")

# One transaction takes no more than this, so that the first in it does not wait for long.
GROUP_LIMIT: Final = 256

# So many groups fill some hundred pages of the log, whose way into the file takes milliseconds.
CHECKPOINT_GROUPS: Final = 64


class OutboxWriter(threading.Thread):
    """Writes commits in groups, and does one other piece of work between two groups.

    Made and told what to do from the thread of one running event loop. When the file turns
    out to be damaged it is set aside and nothing more is written: whatever waits, or comes,
    fails with an OutboxLostError, as it does when the thread ends for any other reason.
    """

    def __init__(self, path: Path) -> None:
        # A crash of the main thread ends the process all the same: what was reported is on disk.
        super().__init__(name="voxguard-outbox", daemon=True)
        self._path = path
        self._loop = asyncio.get_running_loop()
        self._condition = threading.Condition()
        self._commits: deque[Commit] = deque()
        self._jobs: deque[Job[Any]] = deque()
        self._ending = False
        self._lost: OutboxLostError | None = None
        self._change = 0
        self._groups = 0
        self._opened: Future[Path | None] = Future()

    @property
    def failure(self) -> str | None:
        """Why nothing is written any more; None while it is."""
        return None if self._lost is None else str(self._lost)

    async def open(self) -> Path | None:
        """Start, and return where a damaged file was set aside.

        Raises:
            OutboxError: The file cannot be opened, created or written.
            UnsafeError: A later release has written it.
        """
        self.start()
        opened = asyncio.wrap_future(self._opened)
        try:
            # The thread cannot be called back; shielded, its answer has somewhere to go.
            return await asyncio.shield(opened)
        except asyncio.CancelledError:
            await self.close()
            if opened.done():
                opened.exception()
            raise

    def commit(self, batch: OutboxBatch) -> asyncio.Future[None]:
        """Queue a batch; the future is done when it is on disk, or with an OutboxError."""
        done: asyncio.Future[None] = self._loop.create_future()
        with self._condition:
            if (refusal := self._refusal()) is not None:
                done.set_exception(refusal)
            else:
                self._commits.append(Commit(batch, done))
                self._condition.notify()
        return done

    async def call(self, function: Callable[[sqlite3.Connection], T]) -> T:
        """Run a function in a transaction of its own, between two groups of commits.

        Raises:
            OutboxError: It failed and has changed nothing, or the outbox is closed.
        """
        job = Job(function)
        with self._condition:
            if (refusal := self._refusal()) is not None:
                raise refusal
            self._jobs.append(job)
            self._condition.notify()
        # The job cannot be taken back; shielded, its answer has somewhere to go.
        return await asyncio.shield(asyncio.wrap_future(job.result))

    def _refusal(self) -> OutboxError | None:
        if self._lost is not None:
            return self._lost
        return OutboxError(f"outbox {self._path}: it is closed") if self._ending else None

    async def close(self) -> None:
        """Do what was asked before, then let go of the file."""
        with self._condition:
            self._ending = True
            self._condition.notify()
        await asyncio.to_thread(self.join)

    def run(self) -> None:
        """The thread's own part."""
        try:
            connection, self._change, aside = open_file(self._path)
        except BaseException as error:  # noqa: BLE001 - it belongs to whoever opens
            self._opened.set_exception(error)
            return
        self._opened.set_result(aside)
        damage = None
        try:
            while self._take_turn(connection):
                pass
        except OutboxLostError as error:
            damage = error
            self._give_up(error)
        except BaseException as error:  # noqa: BLE001 - whoever waits has to be told
            self._give_up(lost_error(self._path, error))
        finally:
            connection.close()
        if damage is not None:
            # What cannot be renamed is looked at, and found damaged, by the next start.
            with suppress(OSError):
                set_aside(self._path)

    def _take_turn(self, connection: sqlite3.Connection) -> bool:
        with self._condition:
            while not (self._commits or self._jobs or self._ending):
                self._condition.wait()
            size = min(len(self._commits), GROUP_LIMIT)
            group = [self._commits.popleft() for _ in range(size)]
            job = self._jobs.popleft() if self._jobs else None
        try:
            if group:
                self._groups += 1
                self._change = write_group(connection, self._path, group, self._change)
                self._tell(group)
            if job is not None:
                job.run(connection, self._path)
        except BaseException:
            # What was taken up waits with the others for the end to be told.
            with self._condition:
                self._commits.extendleft(reversed([each for each in group if not each.told]))
                if job is not None and not job.result.done():
                    self._jobs.appendleft(job)
            raise
        if self._groups >= CHECKPOINT_GROUPS and not self._commits:
            self._checkpoint(connection)
        return bool(group) or job is not None

    def _checkpoint(self, connection: sqlite3.Connection) -> None:
        """Bring the log into the file when nobody waits, rather than within a commit."""
        self._groups = 0
        # What keeps it from succeeding keeps the next commit from it too, which then says so.
        with suppress(sqlite3.Error):
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def _give_up(self, error: OutboxLostError) -> None:
        with self._condition:
            self._lost = error
            commits, jobs = list(self._commits), list(self._jobs)
            self._commits.clear()
            self._jobs.clear()
        for commit in commits:
            commit.error = error
        self._tell(commits)
        for job in jobs:
            job.result.set_exception(error)

    def _tell(self, group: list[Commit]) -> None:
        for commit in group:
            commit.told = True
        try:
            self._loop.call_soon_threadsafe(settle, group)
        except RuntimeError:
            # The loop is closed: nobody is left to be told.
            return
