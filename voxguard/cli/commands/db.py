"""`voxguard db`: the schema of the database, brought up to date or looked at."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from voxguard.cli.options import Format, FormatOption, command_app

if TYPE_CHECKING:
    from voxguard.store.database import Database

app = command_app("Upgrade or check the schema of the database.")


@app.command()
def upgrade() -> None:
    """Apply pending migrations and make partitions ahead.

    The daemon does the same by itself; this is for a role that owns the tables where the
    daemon's does not. The database is that of DATABASE_URL, else the embedded one.
    """
    import asyncio

    asyncio.run(_upgrade())


@app.command()
def check(format_: FormatOption = Format.HUMAN) -> int:
    """Show the version, what is pending, partitions and rows.

    Exits with 1 when a migration is pending.
    """
    import asyncio

    return asyncio.run(_check(format_))


@asynccontextmanager
async def _database() -> "AsyncIterator[Database]":
    from voxguard.settings import load_settings
    from voxguard.store.source import DatabaseSource

    settings = load_settings()
    url = settings.database_url
    source = DatabaseSource(url.get_secret_value() if url else None, settings.state_dir)
    try:
        database = await source.connect()
        try:
            yield database
        finally:
            await database.close()
    finally:
        await source.close()


async def _upgrade() -> None:
    from datetime import UTC, datetime

    from voxguard.cli.render import write_line, write_warning

    async with _database() as database:
        prepared = await database.upgrade(datetime.now(UTC))
    for name in prepared.migrations:
        write_line(f"migration {name}")
    for name in prepared.partitions:
        write_line(f"partition {name}")
    if not prepared.migrations and not prepared.partitions:
        write_line("nothing to do")
    if prepared.problem:
        write_warning(prepared.problem)


async def _check(format_: Format) -> int:
    from voxguard.cli.render import write_json, write_line, write_table

    async with _database() as database:
        health = await database.health()
        rows = {} if health.pending_migrations else await database.count_rows()
        where = database.where
    if format_ is Format.JSON:
        write_json(
            {
                "database": where,
                "server_version": health.server_version,
                "schema_version": health.schema_version,
                "pending_migrations": list(health.pending_migrations),
                "partitions": list(health.partitions),
                "rows": rows,
            }
        )
    else:
        write_table(
            ("what", "state"),
            (
                ("database", where),
                ("server", f"PostgreSQL {health.server_version}"),
                ("schema version", str(health.schema_version)),
                ("pending migrations", ", ".join(health.pending_migrations) or "none"),
                ("partitions", ", ".join(health.partitions) or "none"),
                *((f"rows in {name}", f"{number}") for name, number in rows.items()),
            ),
        )
    if not health.pending_migrations:
        return 0
    if format_ is Format.HUMAN:
        write_line("run `voxguard db upgrade`; the daemon does it when it starts")
    return 1
