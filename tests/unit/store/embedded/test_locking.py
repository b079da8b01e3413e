from pathlib import Path

import pytest

from voxguard.errors import LockedError
from voxguard.store.embedded.locking import file_lock


async def test_a_lock_is_held_by_one_at_a_time(tmp_path: Path) -> None:
    """A second one waits, gives up after its time, and gets it when it is free."""
    path = tmp_path / "lock"
    async with file_lock(path, 1):
        with pytest.raises(LockedError, match="another process has held"):
            async with file_lock(path, 0.03):
                pass
    async with file_lock(path, 1):
        pass
