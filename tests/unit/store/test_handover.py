import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta

import pytest

from tests.unit.store.records import NOON, decision, outcome, visit
from voxguard.errors import UnreachableError
from voxguard.model.decisions import Outcome
from voxguard.model.visits import EndReason
from voxguard.ports.outbox import HandoverStatus, OutboxBatch
from voxguard.store.database import Database
from voxguard.store.handover import OutboxHandover
from voxguard.store.outbox import FileOutbox
from voxguard.store.rows import Counts


class Door:
    """A way to a database that can be shut; what went through stays connected."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.open = True
        self.attempts = 0

    async def connect(self) -> Database:
        """Connect, unless the door is shut."""
        self.attempts += 1
        if not self.open:
            raise UnreachableError("the door is shut")
        return await Database.connect(self.url, connections=1)


@asynccontextmanager
async def running(
    outbox: FileOutbox, connect: Callable[[], Awaitable[Database]], batch_rows: int = 500
) -> AsyncIterator[OutboxHandover]:
    """A handover at work, with short pauses."""
    handover = OutboxHandover(
        outbox, connect, batch_rows=batch_rows, pause_seconds=0.01, now=lambda: NOON
    )
    task = asyncio.create_task(handover.run())
    try:
        yield handover
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until(condition: Callable[[], bool]) -> None:
    """Wait for something that happens soon."""
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - what is looked at sends no signal
            await asyncio.sleep(0.005)


async def logged(database: Database) -> dict[int, str | None]:
    """The outcome of each decision in the table."""
    async with database.connection() as connection:
        rows = await connection.fetch("SELECT id, outcome FROM action_logs")
    return {row["id"].int: row["outcome"] for row in rows}


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
        assert await _flushed(handover)
        assert handover.status == HandoverStatus(connected=True)
    assert await logged(database) == {1: None, 2: None}


async def _flushed(handover: OutboxHandover) -> bool:
    async with asyncio.timeout(20):
        while not await handover.flush(5):
            pass
    return True


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
        assert await _flushed(handover)
        assert door.attempts > 1
    assert await logged(database) == dict.fromkeys(range(100), "applied")


async def break_connections(database: Database) -> None:
    """End every other connection to this database, as a server that stops does."""
    async with database.connection() as connection:
        await connection.execute(
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()
            """
        )


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


async def test_a_poison_row_does_not_hold_up_the_others(
    outbox: FileOutbox, database: Database, database_url: str
) -> None:
    """What the database will not take is set aside and reported; everything else arrives."""
    poison = {3: "a\0b", 17: "c\0d"}
    decisions = tuple(decision(n, rule=poison.get(n, "fine")) for n in range(20))
    await outbox.commit(OutboxBatch(decisions=decisions, visits=(visit(1), visit(2))))
    async with running(outbox, Door(database_url).connect) as handover:
        assert await handover.flush(20)
        assert handover.status == HandoverStatus(connected=True, refused_rows=2)
    assert set(await logged(database)) == set(range(20)) - set(poison)
    assert (await database.count_rows())["voice_sessions"] == 2
    assert len((await outbox.load()).decisions) == 20


async def test_a_poison_row_beside_one_of_the_other_kind_is_found(
    outbox: FileOutbox, database: Database, database_url: str
) -> None:
    """A batch of one action and one visit is divided too."""
    await outbox.commit(OutboxBatch(decisions=(decision(rule="\0"),), visits=(visit(),)))
    async with running(outbox, Door(database_url).connect) as handover:
        assert await handover.flush(20)
        assert handover.status.refused_rows == 1
    assert await database.count_rows() == {"voice_sessions": 1, "action_logs": 0}


async def test_flush_gives_up_when_its_time_is_over(outbox: FileOutbox, database_url: str) -> None:
    """A stop is not held up by a database that hangs; the rows stay in the outbox."""

    async def hang() -> Database:
        await asyncio.Event().wait()
        raise AssertionError

    await outbox.commit(OutboxBatch(decisions=(decision(),)))
    async with running(outbox, hang) as handover:
        assert not await handover.flush(0.05)
    assert await outbox.counts() == Counts(1, 0)


async def test_partitions_are_looked_after_every_day(
    outbox: FileOutbox, database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A daemon that runs for months makes the partitions of the months to come."""
    monkeypatch.setattr("voxguard.store.handover._PING_SECONDS", 0.01)
    monkeypatch.setattr("voxguard.store.handover._UPGRADE_SECONDS", 0.01)
    day = NOON

    def now() -> datetime:
        return day

    handover = OutboxHandover(outbox, Door(database_url).connect, now=now)
    task = asyncio.create_task(handover.run())
    await until(lambda: handover.status.connected)
    day += timedelta(days=62)
    found: tuple[str, ...] = ()
    async with asyncio.timeout(20):
        while "action_logs_2026_07" not in found:
            found = (await database.health()).partitions
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_missing_partitions_are_reported_while_rows_arrive(
    outbox: FileOutbox, database: Database, database_url: str
) -> None:
    """A role without the right to make partitions works, and the status says what is amiss."""
    await database.upgrade(NOON - timedelta(days=400))
    async with database.connection() as connection:
        await connection.execute(
            """
            CREATE ROLE handover_writer;
            GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO handover_writer;
            """
        )
    await outbox.commit(OutboxBatch(decisions=(decision(),)))
    try:
        door = Door(f"{database_url}&role=handover_writer")
        async with running(outbox, door.connect) as handover:
            assert await handover.flush(20)
            assert handover.status.connected
            assert "no partitions were made" in str(handover.status.last_error)
    finally:
        async with database.connection() as connection:
            await connection.execute("DROP OWNED BY handover_writer; DROP ROLE handover_writer")
    assert await logged(database) == {1: None}


async def test_a_fault_of_the_programs_own_does_not_end_it(
    outbox: FileOutbox, database_url: str
) -> None:
    """Even what nobody foresaw is reported and tried again: rows must not stay for ever."""
    faults = [ZeroDivisionError("division by zero")]

    async def connect() -> Database:
        if faults:
            raise faults.pop()
        return await Database.connect(database_url)

    await outbox.commit(OutboxBatch(decisions=(decision(),)))
    async with running(outbox, connect) as handover:
        await until(lambda: handover.status.last_error == "ZeroDivisionError: division by zero")
        assert await _flushed(handover)


async def test_an_outbox_that_fails_is_a_failure_like_others(
    outbox: FileOutbox, database_url: str
) -> None:
    """A full disk, say, ends the hand-over only for a while."""
    await outbox.commit(
        OutboxBatch(decisions=(decision(),), outcomes=(outcome(1, Outcome.DEFERRED),))
    )
    async with running(outbox, Door(database_url).connect) as handover:
        assert await handover.flush(20)
        await outbox.close()
        outbox._rows_came.set()
        await until(lambda: "closed" in str(handover.status.last_error))
        assert not handover.status.connected
