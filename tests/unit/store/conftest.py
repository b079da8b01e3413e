from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.unit.store.former_days import Log
from tests.unit.store.records import NOON
from voxguard.store import recall
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


@pytest.fixture
async def log(database: Database) -> Log:
    """A log without rows."""
    await database.upgrade(NOON)
    return Log(database)


@pytest.fixture(params=[recall._PAGE, 1])
def page(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of the usual size, and the smallest ones."""
    monkeypatch.setattr(recall, "_PAGE", request.param)
