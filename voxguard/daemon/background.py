"""Tasks that go on for as long as the daemon does: when one breaks, so does the daemon."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any


class Background:
    """Runs tasks, and holds the first error that ended one of them.

    A daemon that went on without its ledger or its reloader would look alive and do
    nothing; whoever supervises it starts it again, and nothing is lost by that.
    """

    def __init__(self) -> None:
        """Begin with nothing running."""
        self._broken = asyncio.Event()
        self._error: BaseException | None = None

    @asynccontextmanager
    async def running(self, name: str, work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
        """Do something for as long as the context lasts."""
        task = asyncio.create_task(work, name=name)
        task.add_done_callback(self._ended)
        try:
            yield
        finally:
            task.remove_done_callback(self._ended)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def failure(self) -> None:
        """Wait for a task that should have gone on to end, and raise its error."""
        await self._broken.wait()
        if self._error is not None:
            raise self._error

    def _ended(self, task: asyncio.Task[None]) -> None:
        if not self._broken.is_set():
            error = None if task.cancelled() else task.exception()
            self._error = error or RuntimeError(f"the task {task.get_name()} has ended")
            self._broken.set()
