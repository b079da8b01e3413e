from datetime import UTC, datetime, timedelta, timezone

from tests.unit.store.records import NOON, decision, visit
from voxguard.ports.outbox import OutboxBatch
from voxguard.store.database import Database
from voxguard.store.outbox import FileOutbox
from voxguard.store.partitions import Month


async def counts(database: Database) -> dict[str, int]:
    """How many rows lie in each partition that holds any."""
    async with database.connection() as connection:
        rows = await connection.fetch(
            """
            SELECT tableoid::regclass::text AS name, count(*) AS rows FROM action_logs GROUP BY 1
            UNION ALL
            SELECT tableoid::regclass::text, count(*) FROM voice_sessions GROUP BY 1
            """
        )
    return {row["name"]: row["rows"] for row in rows}


def test_months_are_counted_over_the_end_of_a_year() -> None:
    """December is followed by January of the next year."""
    assert Month(2026, 11).plus(2) == Month(2027, 1)
    assert Month(2026, 12).plus(12) == Month(2027, 12)
    assert Month(2026, 3).partition("action_logs") == "action_logs_2026_03"


def test_a_month_is_one_of_utc() -> None:
    """An instant early on the first, east of Greenwich, still belongs to the month before."""
    instant = datetime(2026, 4, 1, 1, tzinfo=timezone(timedelta(hours=3)))
    assert Month.of(instant) == Month(2026, 3)


async def test_rows_go_to_the_partition_of_their_month(
    outbox: FileOutbox, database: Database
) -> None:
    """Partitions are there before the rows; only what nobody foresaw goes to the default one."""
    await database.upgrade(NOON)
    ends = datetime(2026, 4, 1, tzinfo=UTC)
    instants = (NOON, ends - timedelta(microseconds=1), ends, NOON - timedelta(days=90))
    decisions = tuple(decision(n, at=at) for n, at in enumerate(instants))
    await outbox.commit(OutboxBatch(decisions=decisions, visits=(visit(),)))
    await database.write(await outbox.pending_rows(10))
    assert await counts(database) == {
        "action_logs_2026_03": 2,
        "action_logs_2026_04": 1,
        "action_logs_default": 1,
        "voice_sessions_2026_03": 1,
    }


async def test_rows_in_the_default_partition_move_to_a_month_that_is_made(
    outbox: FileOutbox, database: Database
) -> None:
    """A month that rows have reached before its partition gets one all the same, past ones too."""
    await database.upgrade(NOON)
    later, before = NOON + timedelta(days=150), NOON - timedelta(days=40)
    wrong_clock = NOON + timedelta(days=3650)
    decisions = tuple(decision(n, at=at) for n, at in enumerate((later, before, wrong_clock)))
    await outbox.commit(OutboxBatch(decisions=decisions))
    rows = await outbox.pending_rows(10)
    await database.write(rows)
    prepared = await database.upgrade(later)
    assert prepared.problem is None
    assert [name for name in prepared.partitions if name.startswith("action")] == [
        "action_logs_2026_01",
        "action_logs_2026_07",
        "action_logs_2026_08",
        "action_logs_2026_09",
    ]
    await database.write(rows)
    assert await counts(database) == {
        "action_logs_2026_01": 1,
        "action_logs_2026_07": 1,
        "action_logs_default": 1,
    }
    assert (await database.upgrade(later)).partitions == ()
