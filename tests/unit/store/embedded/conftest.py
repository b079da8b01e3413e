import asyncio
import subprocess
from pathlib import Path

import pytest

from voxguard.store.embedded.server import EmbeddedPostgres


@pytest.fixture(scope="session")
def stopped_server(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state directory whose server has run and was stopped; not to be changed."""

    async def make(state_dir: Path) -> None:
        async with EmbeddedPostgres(state_dir):
            pass

    state_dir = tmp_path_factory.mktemp("stopped")
    asyncio.run(make(state_dir))
    return state_dir


@pytest.fixture
def state_dir(stopped_server: Path, tmp_path: Path) -> Path:
    """A copy of such a directory: quicker than to make one."""
    target = tmp_path / "state"
    subprocess.run(["cp", "-a", str(stopped_server), str(target)], check=True)
    return target
