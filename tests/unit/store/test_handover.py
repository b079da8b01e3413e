import asyncio

import pytest

from tests.unit.store.handing_over import Door, break_connections, flushed, logged, running, until
from tests.unit.store.records import decision, outcome, visit
from voxguard.model.visits import EndReason
from voxguard.ports.outbox import HandoverStatus, OutboxBatch
from voxguard.store.database import Database
from voxguard.store.outbox import FileOutbox
from voxguard.store.rows import Counts, Rows


async def test_rows_reach_the_database_by_themselves(
    outbox: FileOutbox, database: Database, database_url: str
) -> None:
    """An empty database is prepared, and what is committed is in it a moment later."""
    async with running(outbox, Door(database_url).connect) as handover:
        await until(lambda: handover.status.connected)
        await outbox.commit(OutboxBatch(decisions=(decision(),), visits=(visit(),)))
        assert await handover.flush(20)
        assert await database.count_rows() == {"voice_sessions": 1, "action_logs": 1}
        closing = OutboxBatch(outcomes=(outcome(),), visits=(visit(ended=EndReason.LEFT),))
        await outbox.commit(closing)
        assert await handover.flush(20)
        assert await logged(database) == {1: "applied"}
        assert handover.status == HandoverStatus(connected=True)
    assert not handover.status.connected


async def test_a_backlog_arrives_whole_and_once(
    outbox: FileOutbox, database: Database, database_url: str
) -> None:
    """What gathered while nobody handed over goes in batches, and the outbox is empty then."""
    for start in range(0, 1000, 100):
        numbers = range(start, start + 100)
        await outbox.commit(
            OutboxBatch(
                decisions=tuple(decision(number) for number in numbers),
                outcomes=tuple(outcome(number) for number in numbers),
            )
        )
    async with running(outbox, Door(database_url).connect, batch_rows=64) as handover:
        assert await handover.flush(20)
    assert await logged(database) == dict.fromkeys(range(1000), "applied")
    assert await outbox.counts() == Counts(0, 0)


async def test_rows_that_come_together_go_together(
    outbox: FileOutbox, database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under load the database is written to every now and then, not once for each commit."""
    batches: list[Rows] = []
    write = Database.write

    async def counted(self: Database, rows: Rows) -> None:
        batches.append(rows)
        await write(self, rows)

    monkeypatch.setattr(Database, "write", counted)
    async with running(outbox, Door(database_url).connect, gather_seconds=60) as handover:
        await outbox.commit(OutboxBatch(decisions=(decision(0),)))
        assert await handover.flush(20)
        batches.clear()
        for number in range(1, 21):
            await outbox.commit(OutboxBatch(decisions=(decision(number),)))
            await outbox.commit(OutboxBatch(outcomes=(outcome(number),)))
        assert await handover.flush(20)
    # One more where the first flush still hurried it along.
    assert 1 <= len(batches) <= 2
    assert await logged(database) == {0: None, **dict.fromkeys(range(1, 21), "applied")}


async def test_a_database_that_is_away_is_waited_for(
    outbox: FileOutbox, database: Database, database_url: str
) -> None:
    """The status says so, rows wait and are counted, and all is well once it is back."""
    door = Door(database_url)
    door.open = False
    await outbox.commit(OutboxBatch(decisions=(decision(1), decision(2))))
    async with running(outbox, door.connect) as handover:
        await until(lambda: door.attempts > 2)
        expected = HandoverStatus(waiting_rows=2, last_error="the door is shut")
        assert handover.status == expected
        assert not await handover.flush(20)
        door.open = True
        assert await flushed(handover)
        assert handover.status == HandoverStatus(connected=True)
    assert await logged(database) == {1: None, 2: None}


async def test_a_connection_that_breaks_is_made_anew(
    outbox: FileOutbox, database: Database, database_url: str
) -> None:
    """A server that is restarted under load costs no row and doubles none."""
    door = Door(database_url)
    async with running(outbox, door.connect) as handover:
        for number in range(100):
            batch = OutboxBatch(decisions=(decision(number),), outcomes=(outcome(number),))
            await outbox.commit(batch)
            if number % 25 == 10:
                await until(lambda: handover.status.connected)
                await break_connections(database)
        assert await flushed(handover)
        assert door.attempts > 1
    assert await logged(database) == dict.fromkeys(range(100), "applied")


async def test_a_database_that_goes_away_in_silence_is_noticed(
    outbox: FileOutbox, database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also while nothing is to be handed over, the status does not claim a connection."""
    monkeypatch.setattr("voxguard.store.handover._PING_SECONDS", 0.01)
    async with database.connection() as connection:
        await connection.execute("CREATE ROLE visitor LOGIN PASSWORD 'visitor'")
        await connection.execute("GRANT ALL ON SCHEMA public TO visitor")
    url = database_url.partition("&passfile")[0].replace("voxguard@", "visitor:visitor@")
    async with running(outbox, Door(url).connect) as handover:
        await until(lambda: handover.status.connected)
        async with database.connection() as connection:
            await connection.execute("ALTER ROLE visitor NOLOGIN")
        await break_connections(database)
        await until(lambda: "not permitted to log in" in str(handover.status.last_error))
        assert not handover.status.connected
    async with database.connection() as connection:
        await connection.execute("DROP OWNED BY visitor; DROP ROLE visitor")


async def test_flush_gives_up_when_its_time_is_over(outbox: FileOutbox, database_url: str) -> None:
    """A stop is not held up by a database that hangs; the rows stay in the outbox."""

    async def hang() -> Database:
        await asyncio.Event().wait()
        raise AssertionError

    await outbox.commit(OutboxBatch(decisions=(decision(),)))
    async with running(outbox, hang) as handover:
        assert not await handover.flush(0.05)
    assert await outbox.counts() == Counts(1, 0)


async def test_a_flush_waits_for_no_more_than_there_was(
    outbox: FileOutbox, database: Database, database_url: str
) -> None:
    """Under load it ends as well: what comes meanwhile is the next one's business."""
    door = Door(database_url)
    coming = asyncio.Event()

    async def come() -> None:
        number = 1_000
        while not coming.is_set():
            number += 1
            await outbox.commit(OutboxBatch(decisions=(decision(number),)))

    async with running(outbox, door.connect) as handover:
        await until(lambda: handover.database is not None)
        await outbox.commit(OutboxBatch(decisions=(decision(1),)))
        task = asyncio.create_task(come())
        assert await handover.flush(20)
        coming.set()
        await task
        assert 1 in await logged(database)
    assert handover.database is None
