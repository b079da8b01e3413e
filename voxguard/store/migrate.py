"""Numbered SQL files brought into the database, each once and each in its own transaction."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

from asyncpg import Connection, Record

from voxguard.errors import UnsafeError

# One number for this program among whatever else uses advisory locks in the same database.
LOCK_ID: Final = 0x766F7867

_FILE_NAME: Final = re.compile(r"(\d{4})_([a-z0-9_]+)\.sql")

_HAS_TABLE: Final = """
    SELECT EXISTS (
        SELECT FROM pg_class WHERE relname = 'voxguard_migrations' AND pg_table_is_visible(oid)
    )
"""
_TABLE: Final = """
    CREATE TABLE voxguard_migrations (
        number integer PRIMARY KEY,
        name text NOT NULL,
        checksum text NOT NULL,
        applied_at timestamptz NOT NULL DEFAULT now()
    )
"""


@dataclass(frozen=True, slots=True)
class Migration:
    """One step of the schema; the checksum is of the SQL text."""

    number: int
    name: str
    sql: str

    @property
    def checksum(self) -> str:
        """SHA-256 in hexadecimal digits."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class SchemaState:
    """How far the database is: the newest step that it has, and those that it lacks."""

    version: int
    pending: tuple[Migration, ...]


def known_migrations() -> tuple[Migration, ...]:
    """The steps that this release brings along, in order."""
    found = []
    for entry in files("voxguard.store").joinpath("migrations").iterdir():
        if match := _FILE_NAME.fullmatch(entry.name):
            sql = entry.read_text(encoding="utf-8")
            found.append(Migration(int(match[1]), match[2], sql))
    return tuple(sorted(found, key=lambda migration: migration.number))


async def read_schema(
    connection: "Connection[Record]", migrations: Sequence[Migration]
) -> SchemaState:
    """Compare the database with the steps that are known.

    Raises:
        UnsafeError: The database is newer than the program, or a step was changed afterwards.
    """
    # CREATE TABLE IF NOT EXISTS would ask for the right to create even where there is one, and
    # to_regclass may answer from a cache that does not know what another program just made.
    applied: dict[int, str] = {}
    if await connection.fetchval(_HAS_TABLE):
        rows = await connection.fetch("SELECT number, checksum FROM voxguard_migrations")
        applied = {row["number"]: row["checksum"] for row in rows}
    known = {migration.number: migration for migration in migrations}
    if later := sorted(applied.keys() - known.keys()):
        raise UnsafeError(
            f"the database has migration {later[-1]}, which this release does not know",
            hint="a later release of voxguard has upgraded it: run that one",
        )
    for number, checksum in applied.items():
        if known[number].checksum != checksum:
            raise UnsafeError(
                f"migration {number} in the database is not the one of this release",
                hint="was the database upgraded by a release that was changed by hand?",
            )
    pending = tuple(migration for migration in migrations if migration.number not in applied)
    return SchemaState(max(applied, default=0), pending)


async def migrate(
    connection: "Connection[Record]", migrations: Sequence[Migration] | None = None
) -> tuple[Migration, ...]:
    """Apply what is pending, and return it.

    Any number of programs may do so at once: each step is taken under a lock that ends with its
    transaction, so that it holds behind a connection pooler too.

    Raises:
        UnsafeError: As `read_schema`; nothing is changed then.
    """
    known = known_migrations() if migrations is None else migrations
    done: list[Migration] = []
    # Looking first without the lock needs no right but to read.
    while (await read_schema(connection, known)).pending:
        async with connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock($1)", LOCK_ID)
            state = await read_schema(connection, known)
            if not state.pending:
                break
            if not state.version:
                await connection.execute(_TABLE)
            step = state.pending[0]
            await connection.execute(step.sql)
            await connection.execute(
                "INSERT INTO voxguard_migrations (number, name, checksum) VALUES ($1, $2, $3)",
                step.number,
                step.name,
                step.checksum,
            )
            done.append(step)
    return tuple(done)
