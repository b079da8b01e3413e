"""What becomes of an outbox whose file or thread fails while it is in use."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.unit.store.records import NOON, decision, visit
from voxguard.model.visits import EndReason
from voxguard.ports.outbox import OutboxBatch, OutboxError, OutboxLostError, UnkeepableError
from voxguard.store import outbox_file, outbox_sql
from voxguard.store.outbox import FileOutbox
from voxguard.store.outbox_schema import SCHEMA
from voxguard.store.rows import Counts


def batch(number: int) -> OutboxBatch:
    """A batch of one decision."""
    return OutboxBatch(decisions=(decision(number),))


def spoil(path: Path, root: int, size: int) -> None:
    """Write over the rows of decisions, as a failing disk does."""
    with path.open("r+b") as raw:
        raw.seek((root - 1) * size)
        raw.write(b"\xff" * size)


def place_of_rows(connection: sqlite3.Connection) -> tuple[int, int]:
    """Where the rows of decisions lie, once everything is in the file and nothing is cached."""
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    connection.execute("PRAGMA shrink_memory").fetchall()
    query = "SELECT rootpage FROM sqlite_schema WHERE name = 'actions'"
    (root,) = connection.execute(query).fetchone()
    (size,) = connection.execute("PRAGMA page_size").fetchone()
    connection.execute("BEGIN")
    return root, size


async def test_damage_found_at_work_ends_the_outbox_and_sets_the_file_aside(
    tmp_path: Path,
) -> None:
    """Whoever commits learns that no later commit will do; the next start finds a fresh file."""
    path = tmp_path / "outbox.sqlite3"
    outbox = await FileOutbox.open(path)
    for number in range(50):
        await outbox.commit(batch(number + 1))
    spoil(path, *await outbox._writer.call(place_of_rows))
    results = await asyncio.gather(
        outbox.commit(batch(100)),
        outbox.pending_rows(10),
        outbox.commit(batch(101)),
        return_exceptions=True,
    )
    assert {type(result) for result in results} == {OutboxLostError}
    with pytest.raises(OutboxLostError, match="it is damaged") as caught:
        await outbox.commit(batch(102))
    assert caught.value.hint is not None
    assert caught.value.exit_code == 70
    assert outbox.status.failure == str(caught.value)
    with pytest.raises(OutboxLostError):
        await outbox.load()
    await outbox.close()
    again = await FileOutbox.open(path)
    assert again.set_aside is None
    assert again.status.set_aside == (tmp_path / "outbox.sqlite3.corrupt-1",)
    assert (await again.load()).decisions == ()
    await again.close()


async def test_a_damaged_file_is_told_of_for_as_long_as_it_lies_there(tmp_path: Path) -> None:
    """Starting again does not make anybody forget it; taking it away does."""
    path = tmp_path / "outbox.sqlite3"
    path.write_bytes(b"no database" * 1000)
    aside = path.with_name("outbox.sqlite3.corrupt-1")
    await (await FileOutbox.open(path)).close()
    outbox = await FileOutbox.open(path)
    aside.with_name(f"{aside.name}-wal").touch()
    assert list(outbox.status.set_aside) == [aside]
    aside.unlink()
    assert list(outbox.status.set_aside) == []
    await outbox.close()


async def test_the_death_of_the_thread_is_noticed(
    outbox: FileOutbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits for ever for a commit that no thread will write."""

    def fail(*_: object) -> int:
        raise SystemExit("odd")

    monkeypatch.setattr("voxguard.store.outbox_writer.write_group", fail)
    commits = [outbox.commit(batch(number)) for number in (1, 2)]
    results = await asyncio.gather(*commits, outbox.counts(), return_exceptions=True)
    assert {type(result) for result in results} == {OutboxLostError}
    assert "its writer has ended: SystemExit: odd" in (outbox.status.failure or "")
    with pytest.raises(OutboxLostError):
        await outbox.commit(batch(3))


@pytest.mark.parametrize("error", [KeyError("x"), sqlite3.IntegrityError("NOT NULL")])
async def test_whatever_a_batch_does_to_the_writer_it_fails_alone(
    outbox: FileOutbox, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """No record can end the thread, or keep those of others from the disk."""
    write = outbox_sql.write

    def choke(connection: sqlite3.Connection, each: OutboxBatch, change: int) -> None:
        write(connection, each, change)
        if each == batch(2):
            raise error

    monkeypatch.setattr(outbox_sql, "write", choke)
    results = await asyncio.gather(
        *(outbox.commit(batch(number)) for number in (1, 2, 3)), return_exceptions=True
    )
    assert [type(result) for result in results] == [type(None), UnkeepableError, type(None)]
    assert [each.decision for each in (await outbox.load()).decisions] == [decision(1), decision(3)]


async def test_a_want_of_memory_is_no_fault_of_the_record(
    outbox: FileOutbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It fails whoever waits, and may be tried again."""

    def fail(*_: object) -> None:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(outbox_sql, "write", fail)
        with pytest.raises(OutboxError, match="no memory left") as caught:
            await outbox.commit(batch(1))
    assert type(caught.value) is OutboxError
    await outbox.commit(batch(1))


async def test_a_file_of_an_earlier_step_is_counted_when_it_is_brought_up_to_date(
    tmp_path: Path,
) -> None:
    """Rows that waited before are counted as those that come, and numbers go on after theirs."""
    path = tmp_path / "outbox.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.executescript(SCHEMA[0] + SCHEMA[2])
        file.execute("PRAGMA user_version = 1")
        outbox_sql.write(file, OutboxBatch(decisions=(decision(1), decision(2))), 7)
        outbox_sql.write(file, OutboxBatch(visits=(visit(3), visit(4))), 9)
        file.execute("ALTER TABLE actions DROP COLUMN came")
        file.execute(
            "UPDATE visits SET waiting = NULL, refused = 'odd' WHERE id = ?", (b"\0" * 15 + b"\4",)
        )
    outbox = await FileOutbox.open(path)
    assert await outbox.counts() == Counts(waiting=3, refused=1)
    await outbox.commit(OutboxBatch(visits=(visit(3, ended=EndReason.LEFT),), alive_at=NOON))
    rows = await outbox.pending_rows(10)
    assert [row.change for row in rows.visits] == [10]
    await outbox.acknowledge(rows)
    assert await outbox.counts() == Counts(waiting=0, refused=1)
    await outbox.retry_refused()
    assert await outbox.counts() == Counts(waiting=1, refused=0)
    await outbox.close()


async def test_of_a_long_backlog_what_a_start_needs_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows that wait do not hold a start up: damage among them shows when they are read."""
    monkeypatch.setattr(outbox_file, "_WHOLE_CHECK_BYTES", 1)
    path = tmp_path / "outbox.sqlite3"
    outbox = await FileOutbox.open(path)
    for number in range(20):
        await outbox.commit(batch(number + 1))
    place = await outbox._writer.call(place_of_rows)
    await outbox.close()
    spoil(path, *place)
    outbox = await FileOutbox.open(path)
    # The newest of what is not finished has been looked for, and so the damage was found.
    assert outbox.set_aside is not None
    assert (await outbox.load()).decisions == ()
    await outbox.close()
