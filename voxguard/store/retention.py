"""Letting go of rows that are older than they are to be kept."""

# Every name in this SQL is our own.
# ruff: noqa: S608

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from asyncpg import Connection, Record

from voxguard.store.migrate import LOCK_ID
from voxguard.store.partitions import TABLES, Month, PartitionedTable, existing_partitions

_BATCH_ROWS: Final = 10_000
"""Rows that one statement deletes, so that none holds others up for long."""

_LAST: Final = {
    # A visit is as old as its end: one that goes on is not old, whenever it began.
    "voice_sessions": "coalesce(left_at, 'infinity')",
    "action_logs": "decided_at",
}


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was let go of: whole months by the names of their partitions, and single rows.

    `problem` says why that was not possible.
    """

    partitions: tuple[str, ...] = ()
    rows: int = 0
    problem: str | None = None

    def __bool__(self) -> bool:
        """Whether there was anything."""
        return bool(self.partitions or self.rows)


async def forget_rows(connection: "Connection[Record]", before: datetime) -> Forgotten:
    """Let go of what ended before an instant. The role must own the tables."""
    dropped: list[str] = []
    rows = 0
    for table in TABLES:
        for name in sorted(await existing_partitions(connection, table)):
            month = Month.of_partition(name, table.name)
            if month is not None and month.starts_at >= before:
                continue
            rows += await _delete(connection, table, name, before)
            is_over = month is not None and month.plus(1).starts_at <= before
            if is_over and await _drop_if_empty(connection, name):
                dropped.append(name)
    return Forgotten(tuple(dropped), rows)


async def _delete(
    connection: "Connection[Record]", table: PartitionedTable, name: str, before: datetime
) -> int:
    total = 0
    while True:
        status = await connection.execute(
            f"""
            DELETE FROM {name} WHERE ctid = ANY (ARRAY (
                SELECT ctid FROM {name}
                WHERE {table.column} < $1 AND {_LAST[table.name]} < $1 LIMIT {_BATCH_ROWS}
            ))
            """,
            before,
        )
        count = int(status.rpartition(" ")[2])
        total += count
        if count < _BATCH_ROWS:
            return total


async def _drop_if_empty(connection: "Connection[Record]", name: str) -> bool:
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock($1)", LOCK_ID)
        await connection.execute(f"LOCK TABLE {name} IN ACCESS EXCLUSIVE MODE")
        if await connection.fetchval(f"SELECT EXISTS (SELECT FROM {name})"):
            return False
        await connection.execute(f"DROP TABLE {name}")
    return True
