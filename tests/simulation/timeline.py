"""Virtual time: the world's own events in order, and an event loop that never waits."""

import asyncio
import heapq
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SECOND = 1_000_000
Action = Callable[[], None]


class Killed(BaseException):
    """The process is gone, wherever it was."""


class StuckError(Exception):
    """Nothing is due any more, neither in the world nor in the process."""


class Timeline:
    """The clock of everything, in whole microseconds, and what the world does by itself.

    It is a `sandbox.clock.Clock`. What is set for one instant happens in the order in which it
    was set.
    """

    def __init__(self) -> None:
        self.micros = 0
        self._heap: list[tuple[int, int, Action]] = []
        self._count = 0

    def now(self) -> datetime:
        """The present instant."""
        return START + timedelta(microseconds=self.micros)

    def monotonic(self) -> float:
        """Seconds since the start."""
        return self.micros / SECOND

    async def sleep(self, seconds: float) -> None:
        """Return when so many seconds have passed."""
        await asyncio.sleep(seconds)

    def after(self, seconds: float, action: Action) -> None:
        """Do something in so many seconds."""
        self._count += 1
        at = self.micros + max(0, round(seconds * SECOND))
        heapq.heappush(self._heap, (at, self._count, action))

    @property
    def next_at(self) -> int | None:
        """When the world does something next."""
        return self._heap[0][0] if self._heap else None

    def run_next(self) -> None:
        """Go to the next event of the world and let it happen."""
        if not self._heap:
            raise StuckError("nothing will ever happen")
        at, _, action = heapq.heappop(self._heap)
        self.micros = max(self.micros, at)
        action()

    def run_until(self, condition: Callable[[], bool]) -> None:
        """Let the world go on by itself, while there is no process."""
        while not condition():
            self.run_next()


class VirtualLoop(asyncio.BaseEventLoop):
    """An event loop on a timeline: instead of waiting it goes to the next instant.

    `look` is called when everything of an instant is done, before time goes on. There is no
    file descriptor in it, so that a loop can be dropped like the memory of a killed process.
    """

    def __init__(self, timeline: Timeline, look: Action) -> None:
        super().__init__()
        self._timeline = timeline
        self._look = look
        self._selector = self

    def time(self) -> float:
        """Seconds on the timeline."""
        return self._timeline.monotonic()

    def select(self, timeout: float | None) -> list[Any]:
        """What a selector does: come back when something may be due."""
        if timeout is not None and timeout <= 0:
            return []
        self._look()
        timeline, due = self._timeline, None
        if timeout is not None:
            due = timeline.micros + max(1, math.ceil(timeout * SECOND - 0.01))
        if due is not None and (timeline.next_at is None or due <= timeline.next_at):
            timeline.micros = due
        else:
            timeline.run_next()
        return []

    def abandon(self) -> None:
        """Drop whatever was running, as a kill does."""
        self.set_exception_handler(lambda *_: None)
        for task in asyncio.all_tasks(self):
            task._log_destroy_pending = False  # type: ignore[attr-defined]
            coroutine = task.get_coro()
            if coroutine is not None:
                coroutine.close()
        self.close()

    def _process_events(self, event_list: list[Any]) -> None:
        """There are none."""

    def _write_to_self(self) -> None:
        """Nobody waits who would have to be woken."""


@contextmanager
def abandoned(loop: VirtualLoop) -> Iterator[VirtualLoop]:
    """Drop the loop at the end, whatever ended it."""
    try:
        yield loop
    finally:
        loop.abandon()
