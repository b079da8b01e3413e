from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from voxguard.store.database import Database
from voxguard.store.outbox import FileOutbox


@pytest.fixture
async def outbox(tmp_path: Path) -> AsyncIterator[FileOutbox]:
    """An outbox that holds nothing."""
    outbox = await FileOutbox.open(tmp_path / "state" / "outbox.sqlite3")
    yield outbox
    await outbox.close()


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A database without tables."""
    database = await Database.connect(database_url)
    yield database
    await database.close()
