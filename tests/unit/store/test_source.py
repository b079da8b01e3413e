from pathlib import Path

import pytest

from voxguard.errors import UnreachableError
from voxguard.store.source import DatabaseSource


async def test_an_address_is_taken_as_it_is(database_url: str, tmp_path: Path) -> None:
    """With DATABASE_URL nothing is started and nothing is made in the state directory."""
    source = DatabaseSource(database_url, tmp_path / "state")
    assert not source.is_embedded
    database = await source.connect()
    await database.ping()
    await database.close()
    await source.close()
    assert not (tmp_path / "state").exists()


async def test_without_an_address_the_embedded_server_is_started(tmp_path: Path) -> None:
    """The same code serves both; a server that has ended is started by connecting again."""
    source = DatabaseSource(None, tmp_path)
    assert source.is_embedded
    database = await source.connect()
    await source.close()
    with pytest.raises(UnreachableError):
        await database.ping()
    await database.close()
    database = await source.connect()
    await database.ping()
    await database.close()
    await source.close()
