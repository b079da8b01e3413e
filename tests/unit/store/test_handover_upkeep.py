"""What the handover looks after, and the faults that it outlasts."""

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta

import pytest

from tests.unit.store.handing_over import Door, flushed, logged, running, until
from tests.unit.store.records import NOON, decision, outcome, visit
from voxguard.model.decisions import Outcome
from voxguard.ports.outbox import HandoverStatus, OutboxBatch, OutboxError
from voxguard.store.database import Database
from voxguard.store.handover import OutboxHandover
from voxguard.store.outbox import FileOutbox
from voxguard.store.rows import Rows


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
        assert await flushed(handover)


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


async def test_an_outbox_that_takes_nothing_is_not_tried_without_end(
    outbox: FileOutbox, database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pauses grow as with a database that is away, and everything is handed over in the end."""
    failures = 4
    acknowledge = outbox.acknowledge

    async def full(rows: Rows) -> None:
        nonlocal failures
        if failures:
            failures -= 1
            raise OutboxError("the disk is full", hint="free some space")
        await acknowledge(rows)

    monkeypatch.setattr(outbox, "acknowledge", full)
    await outbox.commit(OutboxBatch(decisions=(decision(),)))
    pauses: list[float] = []
    rest = OutboxHandover._rest

    async def noted(self: OutboxHandover, pause_seconds: float) -> None:
        pauses.append(pause_seconds)
        await rest(self, pause_seconds)

    monkeypatch.setattr(OutboxHandover, "_rest", noted)
    async with running(outbox, Door(database_url).connect) as handover:
        assert await flushed(handover)
    assert pauses[:4] == [0.01, 0.02, 0.04, 0.08]
    assert await logged(database) == {1: None}
