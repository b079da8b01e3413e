from datetime import timedelta
from urllib.parse import urlsplit
from uuid import uuid4

import structlog.testing

from tests.unit.store.handing_over import Door, running, until
from tests.unit.store.records import NOON, decision, visit
from tests.unit.store.test_partitions import counts
from voxguard.model.visits import EndReason
from voxguard.ports.outbox import OutboxBatch
from voxguard.store.database import Database
from voxguard.store.outbox import FileOutbox
from voxguard.store.partitions import Month

DAY = timedelta(days=1)


async def _fill(outbox: FileOutbox, database: Database) -> None:
    """Decisions and visits of today, of yesterday, of a month and of half a year ago."""
    await database.upgrade(NOON - 60 * DAY)
    instants = (NOON, NOON - DAY, NOON - DAY - timedelta(microseconds=1), NOON - 60 * DAY)
    decisions = [decision(n, at=at) for n, at in enumerate((*instants, NOON - 200 * DAY))]
    visits = (
        visit(1, at=NOON - 60 * DAY),
        visit(2, at=NOON - 60 * DAY, ended=EndReason.LEFT),
        visit(3, at=NOON - timedelta(minutes=1), ended=EndReason.LEFT),
    )
    await outbox.commit(OutboxBatch(decisions=tuple(decisions), visits=visits))
    await database.write(await outbox.pending_rows(10))


def test_partitions_tell_their_month() -> None:
    """The default one has none."""
    assert Month.of_partition("action_logs_2026_03", "action_logs") == Month(2026, 3)
    assert Month.of_partition("action_logs_default", "action_logs") is None


async def test_what_ended_before_is_forgotten_and_nothing_else(
    outbox: FileOutbox, database: Database
) -> None:
    """To the instant, in default partitions too; a visit that goes on is never old."""
    await _fill(outbox, database)
    forgotten = await database.forget(NOON - DAY)
    assert forgotten.rows == 4
    # Months that are over go as a whole, but for the one with a visit that goes on.
    assert forgotten.partitions == (
        "voice_sessions_2026_02",
        "action_logs_2026_01",
        "action_logs_2026_02",
    )
    assert await counts(database) == {
        "voice_sessions_2026_01": 1,
        "voice_sessions_2026_03": 1,
        "action_logs_2026_03": 2,
    }
    assert not await database.forget(NOON - DAY)


async def test_the_handover_forgets_for_itself(
    outbox: FileOutbox, database: Database, database_url: str
) -> None:
    """With the setting, as soon as it is connected, and it says so."""
    await _fill(outbox, database)
    with structlog.testing.capture_logs() as logs:
        async with running(outbox, Door(database_url).connect, retention=DAY) as handover:
            await until(lambda: handover.status.connected)
            assert await handover.flush(20)
    (line,) = [each for each in logs if each["event"] == "old rows forgotten"]
    assert (line["kept_days"], line["rows"]) == (1, 4)


async def test_a_role_that_may_not_forget_is_told_of(
    outbox: FileOutbox, database: Database, database_url: str
) -> None:
    """Rows go on arriving, and the status says what is amiss, missing partitions too."""
    await _fill(outbox, database)
    name = f"forgetful_{uuid4().hex}"
    async with database.connection() as connection:
        await connection.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'x'")
        await connection.execute(
            f"GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO {name}"
        )
    address = urlsplit(database_url)
    where = address.netloc.rpartition("@")[2]
    poor = address._replace(netloc=f"{name}:x@{where}").geturl()
    async with running(outbox, Door(poor).connect, retention=DAY) as handover:
        await until(lambda: handover.status.last_error is not None)
        assert handover.status.connected
        assert "old rows were not forgotten" in str(handover.status.last_error)
        # The role may not make this month's partitions either: one does not hide the other.
        assert "no partitions were made" in str(handover.status.last_error)
        await outbox.commit(OutboxBatch(decisions=(decision(9),)))
        assert await handover.flush(20)
