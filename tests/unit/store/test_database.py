import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from tests.unit.store.records import NOON, decision, outcome, visit
from voxguard.errors import UnreachableError
from voxguard.model.decisions import Outcome
from voxguard.model.visits import EndReason
from voxguard.ports.outbox import OutboxBatch
from voxguard.store.database import Database
from voxguard.store.database_errors import RowsRefusedError
from voxguard.store.outbox import FileOutbox
from voxguard.store.rows import Rows


async def rows_of(outbox: FileOutbox, batch: OutboxBatch) -> Rows:
    """The rows that a batch becomes."""
    await outbox.commit(batch)
    return await outbox.pending_rows(1000)


async def test_a_decision_becomes_a_row_with_all_that_is_known(
    outbox: FileOutbox, database: Database
) -> None:
    """The action log says who, where, what, why, how it went, and under which revision."""
    await database.upgrade(NOON)
    batch = OutboxBatch(
        policy_revision="0123456789ab",
        decisions=(decision(),),
        outcomes=(outcome(1, Outcome.FAILED, error="50013 Missing Permissions"),),
    )
    await database.write(await rows_of(outbox, batch))
    async with database.connection() as connection:
        row = dict(await connection.fetchrow("SELECT * FROM action_logs") or {})
    assert json.loads(row.pop("details")) == {
        "params": {"channel": "1"},
        "facts": {"since": "2026-03-02T11:00:00Z"},
        "release": False,
        "reason": "An hour is enough.",
    }
    assert row == {
        "id": UUID(int=1),
        "episode": UUID(int=1_000_001),
        "guild_id": 110373943822540800,
        "user_id": 80351110224678912,
        "channel_id": 110373943822540801,
        "rule": "lobby-time-limit",
        "effect": "move",
        "mode": "enforce",
        "outcome": "failed",
        "error": "50013 Missing Permissions",
        "policy_revision": "0123456789ab",
        "decided_at": NOON,
        "executed_at": NOON + timedelta(seconds=1),
    }


async def test_a_visit_becomes_a_row_that_is_closed_later(
    outbox: FileOutbox, database: Database
) -> None:
    """An open visit is in the table at once, and its end completes the same row."""
    await database.upgrade(NOON)
    await database.write(await rows_of(outbox, OutboxBatch("one", visits=(visit(),))))
    closing = OutboxBatch("two", visits=(visit(ended=EndReason.VOXGUARD),))
    await database.write(await rows_of(outbox, closing))
    async with database.connection() as connection:
        (row,) = await connection.fetch("SELECT * FROM voice_sessions")
    assert (row["joined_at"], row["left_at"]) == (NOON, NOON + timedelta(minutes=1))
    assert (row["end_reason"], row["policy_revision"]) == ("voxguard", "one")


async def test_rows_that_come_twice_or_late_change_nothing(
    outbox: FileOutbox, database: Database
) -> None:
    """Writing is idempotent, and an older state of a row never replaces a newer one."""
    await database.upgrade(NOON)
    old = await rows_of(
        outbox,
        OutboxBatch(
            decisions=(decision(),), outcomes=(outcome(1, Outcome.PENDING),), visits=(visit(),)
        ),
    )
    new = await rows_of(
        outbox, OutboxBatch(outcomes=(outcome(),), visits=(visit(ended=EndReason.LEFT),))
    )
    for rows in (old, new, old, new, old):
        await database.write(rows)
    async with database.connection() as connection:
        assert await connection.fetchval("SELECT outcome FROM action_logs") == "applied"
        assert await connection.fetchval("SELECT end_reason FROM voice_sessions") == "left"
    assert await database.count_rows() == {"voice_sessions": 1, "action_logs": 1}


async def test_writing_nothing_is_nothing(database: Database) -> None:
    """An empty batch asks nothing of the database."""
    await database.write(Rows())


async def test_what_the_database_does_not_take_is_told_from_a_failure(
    outbox: FileOutbox, database: Database
) -> None:
    """A zero byte, which PostgreSQL has no text for, is the row's fault and not the database's."""
    await database.upgrade(NOON)
    rows = await rows_of(outbox, OutboxBatch(decisions=(decision(rule="a\0b"),)))
    with pytest.raises(RowsRefusedError, match="0x00"):
        await database.write(rows)


async def test_missing_tables_are_a_failure_with_a_way_out(
    outbox: FileOutbox, database: Database
) -> None:
    """Rows that come before the schema are not refused: they wait until it is there."""
    rows = await rows_of(outbox, OutboxBatch(decisions=(decision(),)))
    with pytest.raises(UnreachableError, match="action_logs") as caught:
        await database.write(rows)
    assert caught.value.hint == "run `voxguard db upgrade`"


async def test_health_says_what_is_there_and_what_is_not(database: Database) -> None:
    """Before and after an upgrade the version, pending migrations and partitions are right."""
    before = await database.health()
    assert (before.schema_version, before.partitions) == (0, ())
    assert before.pending_migrations == ("0001_sessions_and_actions",)
    prepared = await database.upgrade(NOON)
    assert prepared.migrations == before.pending_migrations
    after = await database.health()
    assert (after.schema_version, after.pending_migrations) == (1, ())
    assert after.partitions == (
        *(f"voice_sessions_{month}" for month in ("2026_03", "2026_04", "2026_05", "default")),
        *(f"action_logs_{month}" for month in ("2026_03", "2026_04", "2026_05", "default")),
    )
    assert abs(after.clock_at - datetime.now(UTC)) < timedelta(minutes=1)


async def test_a_role_that_may_only_write_does_not_need_more(
    outbox: FileOutbox, database: Database, database_url: str
) -> None:
    """Without the right to make partitions rows still arrive, and the lack is reported."""
    await database.upgrade(NOON)
    async with database.connection() as connection:
        await connection.execute(
            """
            DROP ROLE IF EXISTS writer; CREATE ROLE writer;
            GRANT SELECT, INSERT, UPDATE ON voice_sessions, action_logs TO writer;
            GRANT SELECT ON voice_sessions_default, action_logs_default TO writer;
            GRANT SELECT ON voxguard_migrations TO writer;
            """
        )
    try:
        limited = await Database.connect(f"{database_url}&role=writer")
        prepared = await limited.upgrade(NOON + timedelta(days=200))
        assert prepared.problem is not None
        await limited.write(await rows_of(outbox, OutboxBatch(decisions=(decision(),))))
        await limited.close()
    finally:
        async with database.connection() as connection:
            await connection.execute("DROP OWNED BY writer; DROP ROLE writer")
    assert (await database.count_rows())["action_logs"] == 1


async def test_closing_does_not_wait_for_a_query_without_end(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stop is not held up by a database that does not answer."""
    monkeypatch.setattr("voxguard.store.database._CLOSE_SECONDS", 0.1)
    database = await Database.connect(database_url)
    manager = database.connection()
    await manager.__aenter__()
    await database.close()
    with pytest.raises(UnreachableError):
        await database.ping()


async def test_a_socket_that_is_not_there_is_out_of_reach(tmp_path: Path) -> None:
    """A server that does not run is reported with the place where it was looked for."""
    with pytest.raises(UnreachableError, match="there is no such socket"):
        await Database.connect(f"postgresql://me:secret@/name?host={tmp_path}")
