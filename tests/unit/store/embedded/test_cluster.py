from pathlib import Path

import pytest

from tests.unit.store.embedded.helpers import data_dir, fetch
from voxguard.errors import UnreachableError
from voxguard.store.embedded.cluster import ensure_password
from voxguard.store.embedded.server import EmbeddedPostgres


def test_a_password_is_made_once(tmp_path: Path) -> None:
    """Whoever starts again uses the password that the data directory was made with."""
    password = ensure_password(tmp_path)
    assert len(password) > 40
    assert ensure_password(tmp_path) == password
    assert (tmp_path / "pgpass").stat().st_mode & 0o777 == 0o600


async def test_a_lost_password_is_made_anew(state_dir: Path) -> None:
    """Nobody else knew it, and the data are ours all the same."""
    async with EmbeddedPostgres(state_dir) as server:
        await fetch(server.dsn, "CREATE TABLE kept (number int)")
    lost = ensure_password(state_dir)
    (state_dir / "pgpass").unlink()
    async with EmbeddedPostgres(state_dir) as server:
        assert await fetch(server.dsn, "SELECT count(*) FROM kept") == 0
    assert ensure_password(state_dir) != lost
    assert (state_dir / "pgpass").stat().st_mode & 0o777 == 0o600


async def test_a_password_that_cannot_be_made_anew(state_dir: Path) -> None:
    """It is said what is lost, and no file pretends to hold it."""
    async with EmbeddedPostgres(state_dir):
        pass
    (state_dir / "pgpass").unlink()
    (data_dir(state_dir) / "global" / "pg_control").unlink()
    with pytest.raises(UnreachableError, match=r"the password of the database in .* is lost"):
        await EmbeddedPostgres(state_dir).start()
    assert not (state_dir / "pgpass").exists()
