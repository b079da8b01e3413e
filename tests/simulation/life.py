"""One life of the daemon: the real core on virtual time, from its start to its end."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any

from tests.simulation.disk import Disk, DiskOutbox
from tests.simulation.gateway import Gateway
from tests.simulation.rest import Rest, SimulatedActor
from tests.simulation.timeline import Timeline, VirtualLoop
from tests.simulation.watch import Watch
from voxguard.daemon.clock import WallClock
from voxguard.daemon.core import RECORDS_SECONDS, REQUESTS_SECONDS, Core
from voxguard.daemon.enforcement.requests import Request
from voxguard.engine.index import RuleIndex
from voxguard.ports.discord import Act

HEARTBEAT_SECONDS = 15.0
"""Longer than the daemon's own, for the sake of speed."""

LATE_SECONDS = 0.001


class Life:
    """A process: what is in memory, and how it is wired to the world."""

    def __init__(
        self, number: int, timeline: Timeline, disk: Disk, rest: Rest, gateway: Gateway
    ) -> None:
        self.number = number
        self.is_alive = True
        self.stopping = asyncio.Event()
        self._timeline = timeline
        self._gateway = gateway
        self.outbox = DiskOutbox(disk, timeline, lambda: rest.dice.uniform(0.001, 0.02))
        self._rest = rest
        self._requests: dict[int, Request] = {}
        self._core: Core | None = None
        self.began_at = timeline.monotonic()

    @property
    def core(self) -> Core:
        """The core, once the process has got so far."""
        if self._core is None:
            raise LookupError("the process is still starting")
        return self._core

    @property
    def has_started(self) -> bool:
        """Whether there is a core that has taken up what it found."""
        return self._core is not None

    async def run(self, index: RuleIndex) -> None:
        """Moderate until told to stop, in the order in which the daemon does it."""
        actor = SimulatedActor(self._rest, self.number, self._alive, self._request_of)
        wall = WallClock(self._timeline.now, self._timeline.monotonic)
        core = Core(self.outbox, actor, wall)
        # The machine stays up, whatever becomes of the process.
        core._uptime._elapsed = self._timeline.monotonic
        queue = core.enforcement._queue
        # What an act was made of is known here alone.
        queue.next_ready = partial(self._next_ready, queue.next_ready)  # type: ignore[method-assign]
        core.take_up(await self.outbox.load())
        core.activate(index)
        self._core = core
        loop = asyncio.get_running_loop()
        ledger = loop.create_task(core.ledger.run(HEARTBEAT_SECONDS))
        clock = loop.create_task(core.clockwork.run())
        self._timeline.after(self._rest.dice.uniform(0.2, 1.5), self._connect)
        await self.stopping.wait()
        core.moderator.stop()
        await core.enforcement.close(REQUESTS_SECONDS)
        with suppress(TimeoutError):
            async with asyncio.timeout(RECORDS_SECONDS):
                await core.ledger.settled()
        for task in (ledger, clock):
            task.cancel()
        await asyncio.gather(ledger, clock, return_exceptions=True)

    def look(self, watch: Watch) -> None:
        """Before time goes on: nothing may be overdue."""
        if self._core is None or self.stopping.is_set():
            return
        wake_at = self._core.moderator.engine.wake_at
        if wake_at is not None and _seconds(self._timeline.now(), wake_at) > LATE_SECONDS:
            watch.violated("late", f"what was due at {wake_at:%H:%M:%S.%f} is not decided yet")

    def end(self) -> None:
        """The process is gone."""
        self.is_alive = False
        self.outbox.is_dead = True
        self._gateway.detach()

    def _connect(self) -> None:
        if self.is_alive and not self.stopping.is_set():
            self._gateway.identify(self.core)

    def _alive(self) -> bool:
        return self.is_alive

    def _next_ready(
        self, next_ready: Callable[[float], Request | None], now: float
    ) -> Request | None:
        request = next_ready(now)
        if request is not None:
            self._requests[id(request.act)] = request
        return request

    def _request_of(self, act: Act) -> Request:
        return self._requests.pop(id(act))


def make_loop(life: Life, timeline: Timeline, watch: Watch) -> VirtualLoop:
    """An event loop for a process; whatever goes wrong in it unseen is a violation."""

    def on_error(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        watch.violated("error", f"{context['message']}: {error!r}")

    loop = VirtualLoop(timeline, partial(life.look, watch))
    loop.set_exception_handler(on_error)
    return loop


def _seconds(later: datetime, earlier: datetime) -> float:
    return (later - earlier).total_seconds()
