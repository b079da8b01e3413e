"""A handover at work, and ways to trouble it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

from tests.unit.store.records import NOON
from voxguard.errors import UnreachableError
from voxguard.store.database import Database
from voxguard.store.handover import OutboxHandover
from voxguard.store.outbox import FileOutbox


class Door:
    """A way to a database that can be shut; what went through stays connected."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.open = True
        self.attempts = 0

    async def connect(self) -> Database:
        """Connect, unless the door is shut."""
        self.attempts += 1
        if not self.open:
            raise UnreachableError("the door is shut")
        return await Database.connect(self.url, connections=1)


@asynccontextmanager
async def running(
    outbox: FileOutbox,
    connect: Callable[[], Awaitable[Database]],
    *,
    batch_rows: int = 500,
    gather_seconds: float = 0.01,
    retention: timedelta | None = None,
) -> AsyncIterator[OutboxHandover]:
    """A handover at work, with short pauses."""
    handover = OutboxHandover(
        outbox,
        connect,
        batch_rows=batch_rows,
        pause_seconds=0.01,
        gather_seconds=gather_seconds,
        retention=retention,
        now=lambda: NOON,
    )
    task = asyncio.create_task(handover.run())
    try:
        yield handover
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until(condition: Callable[[], bool]) -> None:
    """Wait for something that happens soon."""
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - what is looked at sends no signal
            await asyncio.sleep(0.005)


async def logged(database: Database) -> dict[int, str | None]:
    """The outcome of each decision in the table."""
    async with database.connection() as connection:
        rows = await connection.fetch("SELECT id, outcome FROM action_logs")
    return {row["id"].int: row["outcome"] for row in rows}


async def break_connections(database: Database) -> None:
    """End every other connection to this database, as a server that stops does."""
    async with database.connection() as connection:
        await connection.execute(
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()
            """
        )


async def flushed(handover: OutboxHandover) -> bool:
    """Whether everything is handed over, after as many attempts as it takes."""
    async with asyncio.timeout(20):
        while not await handover.flush(5):
            pass
    return True
