import asyncio

import asyncpg
import pytest

from tests.unit.store.records import NOON
from voxguard.errors import UnreachableError, UnsafeError
from voxguard.store.database import Database
from voxguard.store.migrate import Migration, known_migrations, migrate, read_schema

ONE = Migration(1, "one", "CREATE TABLE one (a int)")
TWO = Migration(2, "two", "CREATE TABLE two (a int); INSERT INTO two VALUES (1)")
BROKEN = Migration(2, "broken", "CREATE TABLE two (a int); SELECT 1 / 0")


def test_the_migrations_of_this_release_are_numbered_without_gaps() -> None:
    """The next one is found by its number, so none may be missing or twice."""
    assert [step.number for step in known_migrations()] == list(
        range(1, len(known_migrations()) + 1)
    )


async def test_each_step_is_applied_once_and_in_order(database: Database) -> None:
    """A second run finds nothing to do, and a later release applies only what is new."""
    async with database.connection() as connection:
        assert await migrate(connection, [ONE]) == (ONE,)
        assert await migrate(connection, [ONE]) == ()
        assert await migrate(connection, [ONE, TWO]) == (TWO,)
        assert (await read_schema(connection, [ONE, TWO])).version == 2
        assert await connection.fetchval("SELECT count(*) FROM two") == 1


async def test_a_step_that_fails_leaves_nothing_behind(database: Database) -> None:
    """What came before it stays, its own beginning is undone, and it can be tried again."""
    async with database.connection() as connection:
        with pytest.raises(asyncpg.DivisionByZeroError):
            await migrate(connection, [ONE, BROKEN])
        assert (await read_schema(connection, [ONE, TWO])).pending == (TWO,)
        assert await migrate(connection, [ONE, TWO]) == (TWO,)


async def test_a_newer_database_is_refused(database: Database) -> None:
    """An older program does not touch what it does not understand."""
    async with database.connection() as connection:
        await migrate(connection, [ONE, TWO])
        with pytest.raises(UnsafeError, match="migration 2"):
            await migrate(connection, [ONE])


async def test_a_step_that_was_changed_afterwards_is_refused(database: Database) -> None:
    """A database that was made by other text than the program's is not worked with."""
    async with database.connection() as connection:
        await migrate(connection, [ONE])
        with pytest.raises(UnsafeError, match="not the one of this release"):
            await migrate(connection, [Migration(1, "one", "CREATE TABLE one (b int)")])


async def test_several_programs_may_upgrade_at_once(database_url: str) -> None:
    """Every step is applied by exactly one of them, and partitions too."""
    databases = [await Database.connect(database_url, connections=1) for _ in range(4)]
    prepared = await asyncio.gather(*(database.upgrade(NOON) for database in databases))
    assert sorted(len(done.migrations) for done in prepared) == [0, 0, 0, 1]
    partitions = await databases[0].health()
    assert len(partitions.partitions) == 8
    for database in databases:
        await database.close()


async def test_somebody_elses_table_is_not_taken_over(database: Database) -> None:
    """A table of the same name that another program made is an error that says what to do."""
    async with database.connection() as connection:
        await connection.execute("CREATE TABLE action_logs (a int)")
    with pytest.raises(UnreachableError, match="already exists") as caught:
        await database.upgrade(NOON)
    assert "another database" in str(caught.value.hint)
