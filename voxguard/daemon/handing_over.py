"""The database's part of the daemon: rows go there, and what they say of former days comes back."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from voxguard.daemon.background import Background
from voxguard.ports.outbox import OutboxError
from voxguard.settings import Settings
from voxguard.store.handover import OutboxHandover
from voxguard.store.outbox import FileOutbox
from voxguard.store.recall import DatabaseRecollection
from voxguard.store.source import DatabaseSource

ROWS_SECONDS = 2.0
"""How long a stop waits for the database to take the last rows; the outbox keeps the rest."""

CATCH_UP_SECONDS = 10.0
"""How long the database may take to have every row, before the past is read from it."""


@asynccontextmanager
async def handing_over(
    settings: Settings, cache_dir: Path, outbox: FileOutbox, background: Background
) -> AsyncIterator[OutboxHandover]:
    """Hand rows to the database; a server of our own is stopped at the end."""
    url = settings.database_url
    address = None if url is None else url.get_secret_value()
    source = DatabaseSource(address, settings.state_dir, cache_dir=cache_dir)
    handover = OutboxHandover(outbox, source.connect, retention=settings.retention)
    try:
        async with background.running("handover", handover.run()):
            try:
                yield handover
            finally:
                # A signal ends this as a cancellation. An outbox that fails has said so before.
                with suppress(OutboxError):
                    await handover.flush(ROWS_SECONDS)
    finally:
        await source.close()


def recollection_of(handover: OutboxHandover) -> DatabaseRecollection:
    """What the database that rows are handed to knows of former days."""
    return DatabaseRecollection(lambda: handover.database, lambda: handover.flush(CATCH_UP_SECONDS))
