"""One shard of hikari's that can be stopped at any time and says what troubles it."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any

import aiohttp
from hikari import errors
from hikari.impl import GatewayShardImpl

from voxguard.discord.pacing import Turns

HANDSHAKE_SECONDS = 60.0
"""hikari waits for HELLO and READY for as long as the connection stands."""

GOODBYE_SECONDS = 2.0


class Shard(GatewayShardImpl):
    """A shard that reconnects and resumes by itself, and ends with an error where it cannot.

    Overrides two internals of hikari 2.6: the tests fail where another version has not
    got them.
    """

    __slots__ = ("_keeping", "_on_trouble", "_opened", "_turns")

    def __init__(self, *, turns: Turns, on_trouble: Callable[[str], None], **parts: Any) -> None:
        """Identify in `turns` and tell `on_trouble` why there is no connection."""
        super().__init__(**parts)
        self._turns = turns
        self._on_trouble = on_trouble
        self._keeping: asyncio.Task[None] | None = None
        self._opened = asyncio.Event()
        self._opened.set()

    async def stay(self) -> None:
        """Connect and stay connected.

        Raises:
            hikari.GatewayError: Discord has ended the connection for good.
        """
        try:
            await self.start()
            await self.join()
        finally:
            await self._stop()

    async def _stop(self) -> None:
        """Say goodbye, but not for long."""
        if self._keeping is not None:
            if self._ws is None:
                # hikari forgets to close its HTTP session when it is cancelled while it opens.
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._opened.wait(), GOODBYE_SECONDS)
            # `start` leaves its task behind when it is cancelled, and knows nothing of it then.
            self._keeping.cancel()
            await asyncio.wait([self._keeping], timeout=GOODBYE_SECONDS)

    async def _keep_alive(self) -> None:
        self._keeping = asyncio.current_task()
        await super()._keep_alive()

    async def _connect(self) -> tuple[asyncio.Task[None], ...]:
        if self._seq is None:
            await self._turns.take(self.id)
        before = asyncio.all_tasks()
        self._opened.clear()
        try:
            async with asyncio.timeout(HANDSHAKE_SECONDS):
                return await super()._connect()
        except errors.GatewayConnectionError as error:
            self._on_trouble(_reason(error))
            raise
        except TimeoutError:
            self._abandon(before)
            reason = f"no READY within {HANDSHAKE_SECONDS:.0f} s"
            self._on_trouble(reason)
            raise errors.GatewayConnectionError(reason) from None
        except BaseException:
            self._abandon(before)
            raise
        finally:
            self._opened.set()

    def _abandon(self, before: set[asyncio.Task[Any]]) -> None:
        """End what a handshake that came to nothing has started."""
        names = {f"heartbeat (shard {self.id})", f"poll events (shard {self.id})"}
        for task in asyncio.all_tasks() - before:
            if task.get_name() in names:
                task.cancel()


def _reason(error: errors.GatewayConnectionError) -> str:
    # hikari shows a response in full; its status is what says something.
    cause = error.__context__
    if isinstance(cause, aiohttp.ClientResponseError):
        return f"it answers {cause.status}"
    return error.reason
