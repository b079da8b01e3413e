"""The embedded database for tests: one server a worker, a fresh database a test."""

import asyncio
import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from voxguard.store.embedded.server import EmbeddedPostgres


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[EmbeddedPostgres]":
    """A running embedded server in a state directory of its own."""
    # Imported late: a plugin is loaded before the measurement of coverage begins.
    from voxguard.store.embedded.server import EmbeddedPostgres  # noqa: PLC0415

    server = EmbeddedPostgres(tmp_path_factory.mktemp("postgres"))
    asyncio.run(server.start())
    # These databases live for a moment: nothing in them has to reach a disk.
    for statement in ("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()"):
        asyncio.run(_execute(server, statement))
    yield server
    asyncio.run(server.stop())


@pytest.fixture
def database_url(postgres_server: "EmbeddedPostgres") -> Iterator[str]:
    """The address of an empty database, which is gone after the test."""
    name = f"test_{uuid.uuid4().hex}"
    asyncio.run(_execute(postgres_server, f"CREATE DATABASE {name}"))
    yield postgres_server.address(name)
    asyncio.run(_execute(postgres_server, f"DROP DATABASE {name} WITH (FORCE)"))


async def _execute(server: "EmbeddedPostgres", statement: str) -> None:
    import asyncpg  # noqa: PLC0415 - as above

    connection = await asyncpg.connect(server.address("postgres"))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
