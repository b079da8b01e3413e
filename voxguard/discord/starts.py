"""The sessions that Discord lets a bot start in a day: counted, spread out, never used up."""

import asyncio
import math
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import hikari

from voxguard.discord.pacing import Turns

MARGIN = 5
"""So many are never started: Discord resets the token of a bot that starts too many.

Source: Discord developer documentation, "Gateway" (rate limiting of identifies).
"""

LOW_SHARE = 0.25
"""With less than this left of a day's sessions, the rest is spread over the rest of the day."""

FRESH_SECONDS = 60.0
"""How long Discord's own count is good for; it also counts what earlier processes started."""

LOOK_SECONDS = 300.0
"""How often Discord is asked again while nothing may be started."""

ANSWER_SECONDS = 5.0
DAY_SECONDS = 86_400.0

Ask = Callable[[], Awaitable[hikari.SessionStartLimit | None]]
"""Asks how many may still be started; None where there is no answer."""


class Starts:
    """Lets a shard start a session when it is its turn and a session is left.

    `started` and `left` are how many this process has started, and how many more may be
    before Discord counts anew; None until Discord has said so.
    """

    def __init__(
        self, ask: Ask, on_trouble: Callable[[str], None], on_change: Callable[[], None]
    ) -> None:
        """Tell `on_trouble` why a shard has to wait, and `on_change` of each new count."""
        self.started = 0
        self.left: int | None = None
        self._ask = ask
        self._on_trouble = on_trouble
        self._on_change = on_change
        self._turns = Turns()
        self._total = 0
        self._asked_at = -math.inf
        self._resets_at = math.inf
        self._resets = datetime.max.replace(tzinfo=UTC)
        self._last_at: float | None = None

    @property
    def are_plenty(self) -> bool:
        """Whether more than half of the day's sessions are left."""
        return self.left is not None and 2 * self.left > self._total

    def told(self, limit: hikari.SessionStartLimit) -> None:
        """Discord has said how many may be started."""
        now = _time()
        self._turns.max_concurrency = max(1, limit.max_concurrency)
        self._total = limit.total
        self._asked_at = now
        self._resets_at = now + limit.reset_after.total_seconds()
        resets = limit.reset_at.astimezone(UTC)
        # What is said of it stays the same while the day does.
        if abs(resets - self._resets) > timedelta(minutes=1):
            self._resets = resets
        self._set_left(limit.remaining)

    async def take(self, shard_id: int) -> None:
        """Wait until the shard may start a session."""
        if _time() - self._asked_at > FRESH_SECONDS:
            await self._ask_again()
        while (seconds := self._to_wait()) > 0:
            self._on_trouble(self._why())
            await asyncio.sleep(min(seconds, LOOK_SECONDS))
            await self._ask_again()
        await self._turns.take(shard_id)

    def note_start(self) -> None:
        """A session is being started."""
        self.started += 1
        self._last_at = _time()
        self._set_left(self.left - 1 if self.left is not None else None)

    async def _ask_again(self) -> None:
        limit = None
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                limit = await self._ask()
        except TimeoutError:
            # Where REST is away the gateway may be there: it is counted here as well.
            pass
        if limit is not None:
            self.told(limit)

    def _to_wait(self) -> float:
        now = _time()
        if self.left is None:
            return 0.0
        if now >= self._resets_at:
            self._resets_at = now + DAY_SECONDS
            self._set_left(self._total)
        spare = self.left - MARGIN
        if spare <= 0:
            return self._resets_at - now
        if self._last_at is None or self.left >= self._total * LOW_SHARE:
            return 0.0
        return self._last_at + (self._resets_at - now) / spare - now

    def _why(self) -> str:
        at = f"{self._resets:%Y-%m-%d %H:%M} UTC"
        if (self.left or 0) <= MARGIN:
            return f"no more sessions may be started before {at}"
        return f"few more sessions may be started before {at}, so that each waits for a while"

    def _set_left(self, left: int | None) -> None:
        self.left = left if left is None else max(0, left)
        self._on_change()


def _time() -> float:
    return asyncio.get_running_loop().time()
