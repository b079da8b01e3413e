import asyncio
from pathlib import Path

from tests.unit.store.records import decision, visit
from voxguard.daemon.background import Background
from voxguard.daemon.handing_over import handing_over
from voxguard.ports.outbox import OutboxBatch
from voxguard.settings import Settings
from voxguard.store.outbox import FileOutbox

BATCH = OutboxBatch(policy_revision="abc", decisions=(decision(),), visits=(visit(),))


def settings(state_dir: Path, database_url: str) -> Settings:
    """Those of a daemon with a database of its own."""
    return Settings.model_validate({"database_url": database_url, "state_dir": state_dir})


async def test_a_stop_hands_the_last_rows_over(tmp_path: Path, database_url: str) -> None:
    """A signal cancels what the daemon does; rows of the last moment go all the same."""
    outbox = await FileOutbox.open(tmp_path / "outbox.sqlite3")
    written = asyncio.Event()

    async def work() -> None:
        async with handing_over(
            settings(tmp_path, database_url), tmp_path, outbox, Background()
        ) as handover:
            async with asyncio.timeout(20):
                while not handover.status.connected:  # noqa: ASYNC110 - it sends no signal
                    await asyncio.sleep(0.01)
            await outbox.commit(BATCH)
            written.set()
            await asyncio.Event().wait()

    running = asyncio.create_task(work())
    await written.wait()
    running.cancel()
    await asyncio.wait([running])
    assert running.cancelled()
    assert not await outbox.pending_rows(1)
    await outbox.close()


async def test_an_outbox_that_fails_does_not_change_how_a_stop_ends(
    tmp_path: Path, database_url: str
) -> None:
    """What is wrong with it was said when it went wrong."""
    outbox = await FileOutbox.open(tmp_path / "outbox.sqlite3")
    async with handing_over(settings(tmp_path, database_url), tmp_path, outbox, Background()):
        await outbox.close()
