"""Where the clock is looked after: what a step, or a time without anybody watching, means."""

import asyncio
from collections.abc import Callable
from datetime import datetime

import structlog

from voxguard.daemon.clock import Break, WallClock
from voxguard.daemon.moderator import Moderator
from voxguard.engine.shift import Shift

log = structlog.get_logger("voxguard.clock")

LOOK_SECONDS = 5.0
"""How often the clock is looked at where nobody asks for the time."""


class Clockwork:
    """Tells the engine what has become of time before it decides anything at a new one."""

    def __init__(self, clock: WallClock, moderator: Moderator) -> None:
        """Listen to the clock.

        `on_sleep` may be set to whoever has to look at Discord anew, `on_step` to whoever else
        remembers instants: it is given what becomes of one that has been.
        """
        self._clock = clock
        self._moderator = moderator
        self.on_sleep: Callable[[], None] | None = None
        self.on_step: Callable[[Callable[[datetime], datetime]], None] | None = None
        clock.on_break = self._take

    async def run(self) -> None:
        """Look at the clock again and again until cancelled."""
        while True:
            self._clock.now()
            await asyncio.sleep(LOOK_SECONDS)

    def _take(self, found: Break) -> None:
        if found.by:
            log.warning(
                "the wall clock was stepped: schedules follow it, durations go on",
                seconds=round(found.by.total_seconds(), 3),
            )
        if found.slept:
            log.warning(
                "nobody has watched for a while: the machine was suspended or the process stopped",
                seconds=round(found.elapsed.total_seconds(), 3),
            )
        watched_at = found.at - found.elapsed if found.slept else None
        self._moderator.time_broke(found.by, watched_at, found.at)
        if found.by and self.on_step is not None:
            self.on_step(Shift(found.by, found.at).past)
        if found.slept and self.on_sleep is not None:
            self.on_sleep()
