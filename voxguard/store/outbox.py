"""The outbox: what must survive the daemon, on disk before anything is done about it."""

import asyncio
from pathlib import Path
from typing import Final, Self

from voxguard.ports.outbox import OutboxBatch, OutboxState, OutboxStatus
from voxguard.store import outbox_sql
from voxguard.store.outbox_file import damaged_files
from voxguard.store.outbox_writer import OutboxWriter
from voxguard.store.rows import Counts, Rows

FILE_NAME: Final = "outbox.sqlite3"

# Pages given back at once: commits wait for a few milliseconds.
_VACUUM_PAGES: Final = 256


class FileOutbox:
    """An outbox in one SQLite file, used from one event loop.

    A commit that was reported survives a kill, a crash of the machine and a power cut.
    Nothing is kept in memory but what waits to be written.
    """

    def __init__(self, path: Path, writer: OutboxWriter, set_aside: Path | None) -> None:
        self._path = path
        self._writer = writer
        self._rows_came = asyncio.Event()
        # Rows of an earlier run may be waiting.
        self._rows_came.set()
        self.set_aside: Final = set_aside
        """What a damaged file was renamed to; None as a rule."""

    @classmethod
    async def open(cls, path: Path) -> Self:
        """Open or create the file, and its directory with mode 0700.

        Raises:
            OutboxError: It cannot be opened, created or written.
            UnsafeError: A later release of the program has written it.
        """
        writer = OutboxWriter(path)
        return cls(path, writer, await writer.open())

    @property
    def status(self) -> OutboxStatus:
        """See `ports.outbox.OutboxStatus`."""
        return OutboxStatus(damaged_files(self._path), self._writer.failure)

    def commit(self, batch: OutboxBatch) -> asyncio.Future[None]:
        """See `ports.outbox.Outbox.commit`."""
        done = self._writer.commit(batch)
        if batch.decisions or batch.outcomes or batch.visits:
            done.add_done_callback(self._notice)
        return done

    def _notice(self, done: asyncio.Future[None]) -> None:
        if not done.cancelled() and done.exception() is None:
            self._rows_came.set()

    async def load(self) -> OutboxState:
        """See `ports.outbox.Outbox.load`."""
        return await self._writer.call(lambda c: outbox_sql.read_state(c, self.set_aside))

    async def wait_for_rows(self) -> None:
        """Return when rows may have come since the last call."""
        await self._rows_came.wait()
        self._rows_came.clear()

    async def pending_rows(self, limit: int) -> Rows:
        """The oldest rows that the database does not have as they are, `limit` of each kind."""
        return await self._writer.call(lambda c: outbox_sql.read_waiting(c, limit))

    async def latest_change(self) -> int:
        """The number of the latest change; those that come have higher ones."""
        return await self._writer.call(outbox_sql.last_change)

    async def is_waiting(self, change: int) -> bool:
        """Whether any row up to this number of a change waits for the database."""
        return await self._writer.call(lambda c: outbox_sql.is_waiting(c, change))

    async def acknowledge(self, rows: Rows) -> None:
        """The database has these rows; those that have changed since go on waiting."""
        await self._writer.call(lambda c: outbox_sql.acknowledge(c, rows))

    async def refuse(self, rows: Rows, error: str) -> None:
        """The database will not take these rows, and this is why."""
        await self._writer.call(lambda c: outbox_sql.refuse(c, rows, error))

    async def retry_refused(self) -> None:
        """Let the rows that were refused wait again."""
        await self._writer.call(outbox_sql.retry_refused)

    async def counts(self) -> Counts:
        """How many rows wait, and how many were refused."""
        return await self._writer.call(outbox_sql.count)

    async def shrink(self) -> None:
        """Give some of the room of rows that are gone back to the file system."""
        await self._writer.call(
            lambda c: c.execute(f"PRAGMA incremental_vacuum({_VACUUM_PAGES})").fetchall()
        )

    async def close(self) -> None:
        """Finish what was committed and let go of the file."""
        await self._writer.close()
