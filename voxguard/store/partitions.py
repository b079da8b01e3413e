"""Monthly partitions, made ahead of time and also where rows have come first."""

# Every name in this SQL is our own.
# ruff: noqa: S608

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from asyncpg import Connection, Record

from voxguard.store.migrate import LOCK_ID

MONTHS_AHEAD: Final = 2

# How many past months one check takes out of a default partition: each moves its rows.
_PAST_MONTHS: Final = 12


@dataclass(frozen=True, slots=True)
class PartitionedTable:
    """A table and the instant by which it is partitioned."""

    name: str
    column: str


TABLES: Final = (
    PartitionedTable("voice_sessions", "joined_at"),
    PartitionedTable("action_logs", "decided_at"),
)


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month in UTC."""

    year: int
    month: int

    @classmethod
    def of(cls, instant: datetime) -> "Month":
        """The month in which an aware instant lies."""
        utc = instant.astimezone(UTC)
        return cls(utc.year, utc.month)

    def plus(self, months: int) -> "Month":
        """A later month."""
        years, month = divmod(self.month - 1 + months, 12)
        return Month(self.year + years, month + 1)

    @classmethod
    def of_partition(cls, name: str, table: str) -> "Month | None":
        """The month of a table's partition; None for the default one."""
        year, _, month = name.removeprefix(f"{table}_").partition("_")
        return cls(int(year), int(month)) if year.isdecimal() and month.isdecimal() else None

    @property
    def starts_at(self) -> datetime:
        """Its first instant."""
        return datetime(self.year, self.month, 1, tzinfo=UTC)

    def partition(self, table: str) -> str:
        """The name of its partition."""
        return f"{table}_{self.year:04}_{self.month:02}"


async def ensure_partitions(
    connection: "Connection[Record]", now: datetime, months_ahead: int = MONTHS_AHEAD
) -> list[str]:
    """Make what is missing for this month, those ahead, and past ones that rows lie about.

    Returns the names of the new partitions. The role must own the tables.
    """
    made = []
    for table in TABLES:
        current = Month.of(now)
        months = {current.plus(number) for number in range(months_ahead + 1)}
        months.update(await _months_in_default(connection, table, current))
        existing = await existing_partitions(connection, table)
        for month in sorted(months):
            if month.partition(table.name) not in existing:
                await _make(connection, table, month)
                made.append(month.partition(table.name))
    return made


async def list_partitions(connection: "Connection[Record]") -> list[str]:
    """The names of all partitions, the default ones included, in order."""
    names: list[str] = []
    for table in TABLES:
        names += sorted(await existing_partitions(connection, table))
    return names


async def existing_partitions(
    connection: "Connection[Record]", table: PartitionedTable
) -> set[str]:
    """The names of a table's partitions."""
    rows = await connection.fetch(
        """
        SELECT child.relname FROM pg_inherits
        JOIN pg_class AS child ON child.oid = inhrelid
        WHERE inhparent = to_regclass($1)
        """,
        table.name,
    )
    return {row["relname"] for row in rows}


async def _months_in_default(
    connection: "Connection[Record]", table: PartitionedTable, current: Month
) -> list[Month]:
    # Instants in the future are somebody's wrong clock; their months will come by themselves.
    rows = await connection.fetch(
        f"""
        SELECT DISTINCT date_trunc('month', {table.column}, 'UTC') AS month
        FROM {table.name}_default WHERE {table.column} < $1 ORDER BY month DESC LIMIT $2
        """,
        current.starts_at,
        _PAST_MONTHS,
    )
    return [Month.of(row["month"]) for row in rows]


async def _make(connection: "Connection[Record]", table: PartitionedTable, month: Month) -> None:
    name, default = month.partition(table.name), f"{table.name}_default"
    first, end = month.starts_at.isoformat(), month.plus(1).starts_at.isoformat()
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock($1)", LOCK_ID)
        if name in await existing_partitions(connection, table):
            return
        # PostgreSQL refuses a partition for rows that lie in the default one. They are moved
        # over while nobody can add to them, and the whole appears to others at once.
        await connection.execute(
            f"""
            LOCK TABLE {default} IN ACCESS EXCLUSIVE MODE;
            CREATE TABLE {name} (LIKE {table.name} INCLUDING DEFAULTS INCLUDING CONSTRAINTS);
            WITH moved AS (
                DELETE FROM {default}
                WHERE {table.column} >= '{first}' AND {table.column} < '{end}' RETURNING *
            ) INSERT INTO {name} SELECT * FROM moved;
            ALTER TABLE {table.name} ATTACH PARTITION {name}
                FOR VALUES FROM ('{first}') TO ('{end}');
            """
        )
