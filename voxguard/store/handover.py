"""Moving rows from the outbox to the database, whenever it can take them."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog

from voxguard.errors import VoxguardError
from voxguard.ports.outbox import HandoverStatus, OutboxError
from voxguard.store.database import Database
from voxguard.store.database_errors import RowsRefusedError
from voxguard.store.outbox import FileOutbox
from voxguard.store.rows import Rows

_LONGEST_PAUSE_SECONDS: Final = 30.0
_UPGRADE_SECONDS: Final = 86_400.0
# So that a database that goes away while nothing happens is noticed.
_PING_SECONDS: Final = 5.0
# Counting a long backlog takes as long as writing a batch of it.
_COUNT_SECONDS: Final = 1.0

_log = structlog.get_logger(__name__)


def _utc_now() -> datetime:
    return datetime.now(UTC)


class OutboxHandover:
    """The only way of rows into the database; see `ports.outbox.Handover`.

    `connect` is called anew after each failure, so it may also start a server that has died.
    With `retention` rows of what ended longer ago are let go of, once a day.
    """

    def __init__(
        self,
        outbox: FileOutbox,
        connect: Callable[[], Awaitable[Database]],
        *,
        batch_rows: int = 500,
        pause_seconds: float = 0.5,
        gather_seconds: float = 0.25,
        retention: timedelta | None = None,
        now: Callable[[], datetime] = _utc_now,
    ) -> None:
        self._outbox = outbox
        self._connect = connect
        # Reading a batch keeps commits waiting: 500 rows take a few milliseconds.
        self._batch_rows = batch_rows
        self._pause_seconds = pause_seconds
        # A decision is followed by its outcome and the end of a visit: they go as one row each.
        self._gather_seconds = gather_seconds
        self._retention = retention
        self._now = now
        self._status = HandoverStatus()
        self.database: Database | None = None
        """What is connected at present; whoever else reads from it must not close it."""
        self._hurry = asyncio.Event()
        self._progress = asyncio.Event()
        self._failures = 0
        self._went_through = False
        self._counted_at = 0.0
        self._upgraded_at = 0.0

    @property
    def status(self) -> HandoverStatus:
        """How things stood after the last attempt."""
        return self._status

    async def run(self) -> None:
        """Move rows until cancelled."""
        pause = self._pause_seconds
        try:
            while True:
                try:
                    database = await self._connect()
                    try:
                        await self._upgrade(database)
                        self.database = database
                        await self._serve(database)
                    finally:
                        self.database = None
                        await asyncio.shield(database.close())
                except VoxguardError as error:
                    await self._note_failure(str(error), error.hint)
                except Exception as error:  # noqa: BLE001 - see below
                    # An outbox that nobody empties any more would be worse than any fault here.
                    _log.exception("handover failed")
                    await self._note_failure(f"{type(error).__name__}: {error}", None)
                # The next to fail at once after a connection may be the outbox, for hours.
                if self._went_through:
                    pause, self._went_through = self._pause_seconds, False
                await self._rest(pause)
                pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)
        finally:
            self._status = replace(self._status, connected=False)

    async def flush(self, timeout_seconds: float) -> bool:
        """Hand over what waits; False when that failed or time ran out: the rows stay.

        Rows that come meanwhile are not waited for.
        """
        failures = self._failures
        try:
            async with asyncio.timeout(timeout_seconds):
                latest = await self._outbox.latest_change()
                while await self._outbox.is_waiting(latest):
                    if self._failures > failures:
                        return False
                    self._hurry.set()
                    await self._progress.wait()
                    self._progress.clear()
                await self._count()
        except TimeoutError:
            return False
        finally:
            self._hurry.clear()
        return True

    async def _upgrade(self, database: Database) -> None:
        # Rows that were refused may be welcome to another schema, or to this release.
        prepared = await database.upgrade(self._now())
        await self._outbox.retry_refused()
        if not self._status.connected or prepared.migrations or prepared.partitions:
            _log.info(
                "database ready",
                database=database.where,
                migrations=prepared.migrations,
                partitions=prepared.partitions,
            )
        if prepared.problem:
            _log.warning("database partitions missing", problem=prepared.problem)
        problems = [prepared.problem]
        if self._retention is not None:
            problems.append(await self._forget(database, self._retention))
        last_error = "; ".join(problem for problem in problems if problem) or None
        self._status = replace(self._status, connected=True, last_error=last_error)
        self._upgraded_at = asyncio.get_running_loop().time()

    async def _forget(self, database: Database, retention: timedelta) -> str | None:
        forgotten = await database.forget(self._now() - retention)
        if forgotten.problem is not None:
            _log.warning("old rows stay", kept_days=retention.days, problem=forgotten.problem)
        if forgotten:
            _log.info(
                "old rows forgotten",
                kept_days=retention.days,
                rows=forgotten.rows,
                months=forgotten.partitions,
            )
        return forgotten.problem

    async def _serve(self, database: Database) -> None:
        loop = asyncio.get_running_loop()
        while True:
            while rows := await self._outbox.pending_rows(self._batch_rows):
                await self._write(database, rows)
                if max(len(rows.actions), len(rows.visits)) < self._batch_rows:
                    break
                if loop.time() - self._counted_at > _COUNT_SECONDS:
                    await self._count()
                self._progress.set()
            await self._count()
            self._went_through = True
            self._progress.set()
            try:
                async with asyncio.timeout(_PING_SECONDS):
                    await self._outbox.wait_for_rows()
            except TimeoutError:
                if loop.time() - self._upgraded_at > _UPGRADE_SECONDS:
                    await self._upgrade(database)
                else:
                    await database.ping()
                    await self._outbox.shrink()
            else:
                await self._rest(self._gather_seconds)

    async def _write(self, database: Database, rows: Rows) -> None:
        try:
            await database.write(rows)
        except RowsRefusedError as error:
            if len(rows) > 1:
                for half in rows.halves():
                    await self._write(database, half)
                return
            _log.error("row refused by the database", row=rows.key, error=str(error))
            await self._outbox.refuse(rows, str(error))
        else:
            await self._outbox.acknowledge(rows)

    async def _note_failure(self, text: str, hint: str | None) -> None:
        self._failures += 1
        if self._status.connected or self._status.last_error != text:
            _log.warning("database away, rows wait in the outbox", error=text, hint=hint)
        self._status = replace(self._status, connected=False, last_error=text)
        # The outbox itself may be what failed.
        with suppress(OutboxError):
            await self._count()
        self._progress.set()

    async def _count(self) -> None:
        self._counted_at = asyncio.get_running_loop().time()
        counts = await self._outbox.counts()
        self._status = replace(
            self._status, waiting_rows=counts.waiting, refused_rows=counts.refused
        )

    async def _rest(self, pause_seconds: float) -> None:
        # Without jitter every daemon of a fleet would come back in the same instant.
        seconds = pause_seconds * random.uniform(0.5, 1.0)  # noqa: S311 - no secret depends on it
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._hurry.wait()
        self._hurry.clear()
