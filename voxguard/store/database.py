"""PostgreSQL, whoever runs it: a pool of connections and what is asked of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Self

import asyncpg
from asyncpg import Connection, Pool, Record

from voxguard.store.database_errors import describe as describe_dsn
from voxguard.store.database_errors import errors_for_people
from voxguard.store.migrate import known_migrations, migrate, read_schema
from voxguard.store.partitions import TABLES, ensure_partitions, list_partitions
from voxguard.store.retention import Forgotten, forget_rows
from voxguard.store.rows import Rows
from voxguard.store.writes import write_rows

_CONNECT_SECONDS: Final = 10.0
# Moving the rows of a month out of a default partition takes a while.
_COMMAND_SECONDS: Final = 120.0
_CLOSE_SECONDS: Final = 3.0


@dataclass(frozen=True, slots=True)
class Prepared:
    """What was done to the schema: migrations and partitions by name."""

    migrations: tuple[str, ...]
    partitions: tuple[str, ...]
    problem: str | None = None
    """Why partitions could not be made; rows then go into the default ones."""


@dataclass(frozen=True, slots=True)
class Health:
    """What `db check` and `doctor` say of a database; `clock_at` is the server's clock."""

    server_version: str
    schema_version: int
    pending_migrations: tuple[str, ...]
    partitions: tuple[str, ...]
    clock_at: datetime


class Database:
    """A connected database.

    Every method raises UnreachableError when the database fails or is out of reach, and
    UnsafeError when a later release has upgraded it. No message holds a password.
    """

    def __init__(self, pool: "Pool[Record]", where: str) -> None:
        self._pool = pool
        self.where: Final = where

    @classmethod
    async def connect(cls, dsn: str, *, connections: int = 4) -> Self:
        """Open a pool, with one connection at once.

        Raises:
            UnreachableError: The address is wrong or nobody answers there as hoped.
        """
        where = describe_dsn(dsn)
        with errors_for_people(where):
            pool = await asyncpg.create_pool(
                dsn,
                min_size=1,
                max_size=connections,
                timeout=_CONNECT_SECONDS,
                command_timeout=_COMMAND_SECONDS,
                server_settings={"application_name": "voxguard"},
            )
        return cls(pool, where)

    @asynccontextmanager
    async def connection(self) -> "AsyncIterator[Connection[Record]]":
        """One connection of the pool, with errors for people."""
        with errors_for_people(self.where):
            async with self._pool.acquire(timeout=_CONNECT_SECONDS) as connection:
                # The pool's proxy has the same methods, but another type.
                yield connection  # type: ignore[misc]

    async def upgrade(self, now: datetime) -> Prepared:
        """Apply pending migrations and make partitions ahead of `now`."""
        async with self.connection() as connection:
            migrations = await migrate(connection)
            names = tuple(f"{step.number:04}_{step.name}" for step in migrations)
            try:
                partitions = await ensure_partitions(connection, now)
            except asyncpg.InsufficientPrivilegeError as error:
                return Prepared(names, (), f"no partitions were made: {error}")
        return Prepared(names, tuple(partitions))

    async def forget(self, before: datetime) -> Forgotten:
        """Let go of every row of what ended before an instant."""
        async with self.connection() as connection:
            try:
                return await forget_rows(connection, before)
            except asyncpg.InsufficientPrivilegeError as error:
                return Forgotten(problem=f"old rows were not forgotten: {error}")

    async def write(self, rows: Rows) -> None:
        """Bring rows in, once each however often they come.

        Raises:
            RowsRefusedError: Some of them hold what the database does not take; nothing or a
                part is written.
        """
        async with self.connection() as connection:
            await write_rows(connection, rows)

    async def ping(self) -> None:
        """Find out whether the database still answers."""
        async with self.connection() as connection:
            await connection.execute("SELECT 1")

    async def health(self) -> Health:
        """How the database stands, changing nothing."""
        async with self.connection() as connection:
            state = await read_schema(connection, known_migrations())
            return Health(
                server_version=await connection.fetchval("SHOW server_version"),
                schema_version=state.version,
                pending_migrations=tuple(f"{m.number:04}_{m.name}" for m in state.pending),
                partitions=tuple(await list_partitions(connection)),
                clock_at=await connection.fetchval("SELECT clock_timestamp()"),
            )

    async def count_rows(self) -> dict[str, int]:
        """The exact number of rows of each table; slow where there are many millions."""
        async with self.connection() as connection:
            return {
                table.name: await connection.fetchval(f"SELECT count(*) FROM {table.name}")  # noqa: S608 - our own names
                for table in TABLES
            }

    async def close(self) -> None:
        """Let go of every connection, waiting for queries only for a few seconds."""
        try:
            async with asyncio.timeout(_CLOSE_SECONDS):
                await self._pool.close()
        except TimeoutError:
            self._pool.terminate()
