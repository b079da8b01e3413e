"""The one thread that touches the outbox's file: commits that wait go to disk together."""

import asyncio
import sqlite3
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from voxguard.ports.outbox import OutboxBatch, OutboxError
from voxguard.store import outbox_sql
from voxguard.store.outbox_file import open_file, outbox_error

T = TypeVar("T")

# One transaction takes no more than this, so that the first in it does not wait for long.
GROUP_LIMIT: Final = 256

# So many groups fill some hundred pages of the log, whose way into the file takes milliseconds.
CHECKPOINT_GROUPS: Final = 64


@dataclass(slots=True)
class _Commit:
    batch: OutboxBatch
    done: asyncio.Future[None]
    error: OutboxError | None = None


class OutboxWriter(threading.Thread):
    """Writes commits in groups, and does one other piece of work between two groups.

    Made and told what to do from the thread of one running event loop.
    """

    def __init__(self, path: Path) -> None:
        # A crash of the main thread ends the process all the same: what was reported is on disk.
        super().__init__(name="voxguard-outbox", daemon=True)
        self._path = path
        self._loop = asyncio.get_running_loop()
        self._condition = threading.Condition()
        self._commits: deque[_Commit] = deque()
        self._jobs: deque[Callable[[sqlite3.Connection], None]] = deque()
        self._ending = False
        self._change = 0
        self._groups = 0
        self._opened: Future[Path | None] = Future()

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
            if self._ending:
                done.set_exception(OutboxError(f"outbox {self._path}: it is closed"))
            else:
                self._commits.append(_Commit(batch, done))
                self._condition.notify()
        return done

    async def call(self, function: Callable[[sqlite3.Connection], T]) -> T:
        """Run a function in a transaction of its own, between two groups of commits.

        Raises:
            OutboxError: It failed and has changed nothing, or the outbox is closed.
        """
        result: Future[T] = Future()

        def job(connection: sqlite3.Connection) -> None:
            try:
                connection.execute("BEGIN")
                value = function(connection)
                connection.execute("COMMIT")
            except sqlite3.Error as error:
                _roll_back(connection)
                result.set_exception(outbox_error(self._path, error))
            except BaseException as error:  # noqa: BLE001 - it belongs to whoever asked
                _roll_back(connection)
                result.set_exception(error)
            else:
                result.set_result(value)

        with self._condition:
            if self._ending:
                raise OutboxError(f"outbox {self._path}: it is closed")
            self._jobs.append(job)
            self._condition.notify()
        # The job cannot be taken back; shielded, its answer has somewhere to go.
        return await asyncio.shield(asyncio.wrap_future(result))

    async def close(self) -> None:
        """Do what was asked before, then let go of the file."""
        with self._condition:
            self._ending = True
            self._condition.notify()
        await asyncio.to_thread(self.join)

    def run(self) -> None:
        """The thread's own part."""
        try:
            connection, set_aside = open_file(self._path)
            self._change = outbox_sql.last_change(connection)
        except BaseException as error:  # noqa: BLE001 - it belongs to whoever opens
            self._opened.set_exception(error)
            return
        self._opened.set_result(set_aside)
        try:
            while self._take_turn(connection):
                pass
        finally:
            connection.close()

    def _take_turn(self, connection: sqlite3.Connection) -> bool:
        with self._condition:
            while not (self._commits or self._jobs or self._ending):
                self._condition.wait()
            size = min(len(self._commits), GROUP_LIMIT)
            group = [self._commits.popleft() for _ in range(size)]
            job = self._jobs.popleft() if self._jobs else None
        if group:
            self._write_group(connection, group)
        if job is not None:
            job(connection)
        if self._groups >= CHECKPOINT_GROUPS and not self._commits:
            self._checkpoint(connection)
        return bool(group) or job is not None

    def _checkpoint(self, connection: sqlite3.Connection) -> None:
        """Bring the log into the file when nobody waits, rather than within a commit."""
        self._groups = 0
        # What keeps it from succeeding keeps the next commit from it too, which then says so.
        with suppress(sqlite3.Error):
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def _write_group(self, connection: sqlite3.Connection, group: list[_Commit]) -> None:
        self._groups += 1
        try:
            connection.execute("BEGIN IMMEDIATE")
            for commit in group:
                self._write_one(connection, commit)
            connection.execute("COMMIT")
        except sqlite3.Error as error:
            _roll_back(connection)
            for commit in group:
                commit.error = outbox_error(self._path, error)
        try:
            self._loop.call_soon_threadsafe(_settle, group)
        except RuntimeError:
            # The loop is closed: nobody is left to be told.
            return

    def _write_one(self, connection: sqlite3.Connection, commit: _Commit) -> None:
        self._change += 1
        connection.execute("SAVEPOINT batch")
        try:
            outbox_sql.write(connection, commit.batch, self._change)
        except (TypeError, ValueError, OverflowError, sqlite3.ProgrammingError) as error:
            # What one batch holds is no reason for its neighbours to fail.
            connection.execute("ROLLBACK TO batch")
            commit.error = OutboxError(f"outbox {self._path}: a record cannot be kept: {error}")
        connection.execute("RELEASE batch")


def _roll_back(connection: sqlite3.Connection) -> None:
    # SQLite ends the transaction by itself after some errors, a full disk among them.
    if connection.in_transaction:
        connection.execute("ROLLBACK")


def _settle(group: list[_Commit]) -> None:
    for commit in group:
        if commit.done.done():
            continue
        if commit.error is None:
            commit.done.set_result(None)
        else:
            commit.done.set_exception(commit.error)
