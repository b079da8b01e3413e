"""An outbox that turns out to be damaged while the daemon runs."""

from pathlib import Path

import pytest

from tests.end_to_end.conftest import Start
from tests.end_to_end.harbour import QUIET, Harbour, Tables, write_policies
from tests.unit.store.records import decision, outcome
from voxguard.ports.outbox import OutboxBatch
from voxguard.store.outbox import FileOutbox


@pytest.fixture
def policies(policies: Path) -> Path:
    """A channel for listening."""
    return write_policies(policies, {"quiet.yaml": QUIET})


async def spoil(path: Path) -> None:
    """Let more rows wait than a start looks at, and write nonsense in the middle of them."""
    outbox = await FileOutbox.open(path)
    for number in range(1, 80):
        size = {"words": "x" * 1_000_000}
        await outbox.commit(
            OutboxBatch(decisions=(decision(number, details=size),), outcomes=(outcome(number),))
        )
    await outbox.close()
    with path.open("r+b") as raw:
        raw.seek(40_000_000)
        raw.write(b"\xff" * 4_000_000)


async def test_an_outbox_that_is_damaged_at_work_is_begun_anew_by_the_next_start(
    start: Start, harbour: Harbour, tables: Tables, state_dir: Path
) -> None:
    """The daemon ends, so that it is started again; then the database says what was held."""
    daemon = await (await start()).with_database()
    harbour.join("alice", "music")
    await harbour.edit("alice", {"mute": True})
    await tables.where(lambda rows: [row for row in rows if row["outcome"] == "applied"])
    await daemon.kill()
    await spoil(state_dir / "outbox.sqlite3")
    daemon = await start()
    assert await daemon.ended() == 70
    assert any("it is damaged" in word for word in daemon.words), daemon
    daemon = await (await start()).with_database()
    health = await daemon.health_where(lambda health: health["ready"])
    assert health["degraded"]
    (reason,) = [each for each in health["reasons"] if "damaged" in each]
    assert "outbox.sqlite3.corrupt-1" in reason
    await daemon.line("the past is read")
    harbour.leave("alice")
    harbour.join("alice", "lobby")
    await harbour.edit("alice", {"mute": False})
    for file in state_dir.glob("*.corrupt-*"):
        file.unlink()
    await daemon.health_where(lambda health: not health["degraded"])
    assert await daemon.stop() == 0
