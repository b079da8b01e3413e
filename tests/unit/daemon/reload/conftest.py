"""A policy set on disk, and a daemon's reloader over it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.unit.daemon.reload.sets import Daemon, Running, write_set
from voxguard.daemon.reload.loader import Loader
from voxguard.daemon.reload.reloader import Reloader
from voxguard.daemon.reload.start import Start, load_initial
from voxguard.daemon.revisions import Revisions


@pytest.fixture
def policies(tmp_path: Path) -> Path:
    """A policy set that says 1."""
    root = tmp_path / "set"
    write_set(root, 1)
    return root


@pytest.fixture
def revisions(tmp_path: Path) -> Revisions:
    """An empty place for revisions."""
    return Revisions(tmp_path / "state" / "revisions")


@pytest.fixture
async def loader() -> AsyncIterator[Loader]:
    """A loader that leaves no process behind."""
    made = Loader()
    yield made
    await made.close()


@pytest.fixture
def running(loader: Loader, revisions: Revisions, policies: Path) -> Running:
    """Start a daemon's reloader over the policies, or over another path."""

    @asynccontextmanager
    async def start(
        path: Path = policies, *, automatic: bool = True, start: Start | None = None
    ) -> AsyncIterator[Daemon]:
        daemon = Daemon()
        daemon.reloader = Reloader(
            loader,
            revisions,
            start or await load_initial(path, loader, revisions),
            activate=daemon.activate,
            changed=daemon.changed,
            now=lambda: datetime.now(UTC),
            automatic=automatic,
        )
        task = asyncio.create_task(daemon.reloader.run())
        try:
            yield daemon
        finally:
            task.cancel()
            await asyncio.wait({task})
        if not task.cancelled():
            task.result()

    return start
