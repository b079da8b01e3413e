"""The demonstration as a whole: everything is started, a story is played, nothing is left."""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, TextIO

from voxguard.daemon.demo.files import WORLD, PolicyFiles
from voxguard.daemon.demo.stage import Stage
from voxguard.daemon.demo.story import play
from voxguard.daemon.demo.view import Audience, Summary, View
from voxguard.daemon.logs import configure_logging
from voxguard.daemon.runner import Options, open_daemon
from voxguard.sandbox.sandbox import Sandbox
from voxguard.settings import sandbox_settings
from voxguard.store.database import Database
from voxguard.store.source import DatabaseSource

FRAME_SECONDS: Final = 0.1
ROWS_SECONDS: Final = 10.0


async def run_demo(audience: Audience, log: TextIO, *, speed: float = 1.0) -> Summary:
    """Play the story to the end; cancelled, it stops everything before it ends.

    The daemon's log goes to `log`. The environment has no say in anything.

    Raises:
        UnreachableError: There is no PostgreSQL to start.
        StoryError: Something that the story counts on has not happened.

    """
    with _logging_to(log):
        async with _open_stage(audience, speed) as (stage, database):
            await _perform(stage, audience, asyncio.create_task(play(stage)))
            return await _sum_up(stage, database)


@contextmanager
def _logging_to(log: TextIO) -> Iterator[None]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    configure_logging("info", "console", log)
    try:
        yield
    finally:
        root.handlers[:] = before
        root.setLevel(level)


@asynccontextmanager
async def _open_stage(audience: Audience, speed: float) -> AsyncIterator[tuple[Stage, Database]]:
    async with AsyncExitStack() as stack:
        directory = Path(stack.enter_context(TemporaryDirectory(prefix="voxguard-demo-")))
        cache_dir = _make_cache(directory)
        files = PolicyFiles(directory / "policies", speed)
        sandbox = await stack.enter_async_context(Sandbox(WORLD))
        now = sandbox.clock.now()
        audience.show(View(now, now, "PostgreSQL, the daemon and a stand-in for Discord start."))
        settings = sandbox_settings(sandbox.token, sandbox.api_url, directory / "state")
        # In whichever order they come, the second uses the server that the first has started.
        source = DatabaseSource(None, settings.state_dir, cache_dir=cache_dir)
        stack.push_async_callback(source.close)
        options = Options(files.directory, settings, cache_dir=cache_dir)
        daemon = await stack.enter_async_context(open_daemon(options))
        database = await source.connect()
        stack.push_async_callback(database.close)
        yield Stage(sandbox, files, daemon, speed), database


def _make_cache(directory: Path) -> Path:
    """Where the server's user, if it is another, gets to its programs."""
    cache_dir = directory / "cache"
    cache_dir.mkdir()
    for path in (directory, cache_dir):
        path.chmod(0o711)
    return cache_dir


async def _perform(stage: Stage, audience: Audience, playing: asyncio.Task[None]) -> None:
    """Show how things stand until the story is over, or the daemon is."""
    try:
        while not playing.done():
            await asyncio.sleep(stage.busy_seconds)
            audience.show(stage.view())
            stage.shown()
            ends = {playing} if stage.staying is None else {playing, stage.staying}
            await asyncio.wait(ends, timeout=FRAME_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            if stage.staying is not None and stage.staying.done():
                stage.staying.result()
        playing.result()
        audience.show(stage.view())
    finally:
        tasks = [playing] if stage.staying is None else [playing, stage.staying]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _sum_up(stage: Stage, database: Database) -> Summary:
    chronicle = stage.chronicle
    expected = {"action_logs": len(chronicle.decisions), "voice_sessions": len(chronicle.visits)}
    rows = await database.count_rows()
    deadline = asyncio.get_running_loop().time() + ROWS_SECONDS
    while rows != expected and asyncio.get_running_loop().time() < deadline:
        await asyncio.sleep(FRAME_SECONDS)
        rows = await database.count_rows()
    return Summary(
        seconds=stage.seconds,
        decisions=len(chronicle.decisions),
        by_effect=Counter(view.effect.partition(" ")[0] for view in chronicle.decisions),
        p50_seconds=chronicle.p50_seconds,
        edits=len(stage.edits),
        refused=sum(edit.refused for edit in stage.edits),
        database=f"PostgreSQL {(await database.health()).server_version}",
        rows=rows,
    )
