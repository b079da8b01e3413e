import asyncio
import re
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from asyncpg import Record

from tests.end_to_end.conftest import Start
from tests.end_to_end.harbour import BLOCK, BLOCKED, QUIET, Harbour, Tables, write_policies
from voxguard.store.embedded.server import EmbeddedPostgres

SOCKET = ".s.PGSQL.5432"


@pytest.fixture
def policies(policies: Path) -> Path:
    """A block list, and a channel for listening."""
    files = {"block.yaml": BLOCK, "lists.yaml": BLOCKED, "quiet.yaml": QUIET}
    return write_policies(policies, files)


async def test_the_tables_say_what_happened(
    start: Start, harbour: Harbour, state_dir: Path
) -> None:
    """Visits and decisions are in the embedded database, each once, after a stop and a kill."""
    first = await (await start(database_url="")).with_database()
    harbour.join("alice", "lobby")
    harbour.join("mallory", "lobby")
    await harbour.edit("mallory", {"channel_id": None})
    harbour.join("alice", "music")
    await harbour.edit("alice", {"mute": True})
    harbour.join("bob", "hall")
    harbour.join("carol", "hall")
    harbour.leave("carol")
    harbour.leave("alice")
    await first.line("outcome", effect="unmute", outcome="pending")
    revision = (await first.get("/readyz"))[1]["revision"]
    assert await first.stop() == 0
    await first.family.gone(0)

    second = await (await start(database_url="")).with_database()
    harbour.join("alice", "lobby")
    running = Tables(await EmbeddedPostgres(state_dir).start())
    await running.where(lambda rows: [row for row in rows if is_applied(row, "unmute")])
    await second.kill()
    harbour.leave("alice")
    third = await (await start(database_url="")).with_database()
    harbour.leave("bob")
    harbour.join("dave", "music")
    await third.line("outcome", effect="mute", outcome="applied")
    assert await third.stop() == 0

    async with EmbeddedPostgres(state_dir) as server:
        tables = Tables(server.dsn)
        check_visits(await tables.visits(), harbour, revision)
        check_actions(await tables.actions(), harbour, revision)


def is_applied(row: Record, effect: str = "disconnect") -> bool:
    """Whether a decision was carried out."""
    return (row["effect"], row["outcome"]) == (effect, "applied")


def check_visits(visits: list[Record], harbour: Harbour, revision: str) -> None:
    """Each stay of the story is there once, with its end."""
    story = {
        name: [
            (visit["channel_id"], visit["end_reason"])
            for visit in visits
            if visit["user_id"] == harbour.user_id(name)
        ]
        for name in ("alice", "mallory", "bob", "carol", "dave")
    }
    lobby, music, hall = map(harbour.channel_id, ("lobby", "music", "hall"))
    assert story == {
        "alice": [(lobby, "moved"), (music, "left"), (lobby, "lost")],
        "mallory": [(lobby, "voxguard")],
        "bob": [(hall, "left")],
        "carol": [(hall, "left")],
        "dave": [(music, None)],
    }
    assert len({visit["id"] for visit in visits}) == len(visits) == 7
    for visit in visits:
        assert visit["guild_id"] == 110373943822540800
        assert visit["policy_revision"].startswith(revision)
        assert (visit["left_at"] is None) == (visit["end_reason"] is None)
        assert visit["left_at"] is None or visit["left_at"] >= visit["joined_at"]


def check_actions(actions: list[Record], harbour: Harbour, revision: str) -> None:
    """Each decision of the story is there once, with what became of it."""
    assert [(row["rule"], row["effect"], row["mode"], row["outcome"]) for row in actions] == [
        ("no-entry", "disconnect", "enforce", "applied"),
        ("no-microphone", "mute", "enforce", "applied"),
        ("no-microphone", "unmute", "enforce", "applied"),
        ("no-microphone", "mute", "enforce", "applied"),
    ]
    lobby, music = map(harbour.channel_id, ("lobby", "music"))
    assert [row["channel_id"] for row in actions] == [lobby, music, None, music]
    assert actions[1]["episode"] == actions[2]["episode"]
    for row in actions:
        assert row["guild_id"] == 110373943822540800
        assert row["executed_at"] >= row["decided_at"]
        assert row["details"]
        assert row["policy_revision"].startswith(revision)


class Line:
    """The way to a database, which can be cut."""

    def __init__(self, url: str, directory: Path) -> None:
        found = re.search(r"host=([^&]+)", url)
        assert found is not None
        self._far = f"{found[1]}/{SOCKET}"
        self._near = directory / SOCKET
        self.url = url.replace(found[1], str(directory))

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Let connections through for as long as the context lasts, then cut them."""
        writers: set[asyncio.StreamWriter] = set()

        async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                while data := await reader.read(2**16):
                    writer.write(data)
                    await writer.drain()
            except ConnectionError:
                pass
            finally:
                writer.close()

        async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            far_reader, far_writer = await asyncio.open_unix_connection(self._far)
            writers.update((writer, far_writer))
            await asyncio.gather(pass_on(reader, far_writer), pass_on(far_reader, writer))
            writers.difference_update((writer, far_writer))

        server = await asyncio.start_unix_server(accept, self._near)
        try:
            yield
        finally:
            server.close()
            self._near.unlink(missing_ok=True)
            for writer in tuple(writers):
                writer.transport.abort()
            await server.wait_closed()


@pytest.fixture
def line(database_url: str) -> Iterator[Line]:
    """A line to the test's database, in a place whose name is short enough for a socket."""
    directory = Path(tempfile.mkdtemp(prefix="voxguard-"))
    yield Line(database_url, directory)
    shutil.rmtree(directory)


async def test_a_database_that_comes_and_goes(
    start: Start, harbour: Harbour, tables: Tables, line: Line
) -> None:
    """Without its database it moderates, says degraded, and hands every row over once later."""
    daemon = await (await start(database_url=line.url)).ready()
    away = await daemon.health_where(lambda health: health["degraded"])
    assert (away["ready"], away["database"]) == (True, "away")

    async def put_out(times: int) -> None:
        harbour.join("mallory")
        await harbour.edit("mallory", {"channel_id": None}, after=times - 1)
        await daemon.all_lines(times, "outcome", outcome="applied")

    async def arrived(times: int) -> None:
        rows = await tables.where(lambda rows: sum(map(is_applied, rows)) == times)
        assert len(rows) == times

    await put_out(1)
    async with line.open():
        await daemon.with_database()
        await arrived(1)
    await put_out(2)
    await daemon.health_where(lambda health: health["database"] == "away")
    async with line.open():
        await arrived(2)
        await put_out(3)
        await arrived(3)
    harbour.join("alice")
    harbour.leave("alice")
    harbour.join("bob", "music")
    await daemon.line("outcome", effect="mute", outcome="applied")
    assert await daemon.stop() == 0
    daemon = await (await start(database_url=line.url)).ready()
    await daemon.kill()
    async with line.open():
        daemon = await (await start(database_url=line.url)).with_database()
        assert await daemon.stop() == 0
    visits = await tables.visits()
    assert len({visit["id"] for visit in visits}) == len(visits) == 5
    assert [visit["end_reason"] for visit in visits] == [*["voxguard"] * 3, "left", None]
    assert len(await tables.actions()) == 4
