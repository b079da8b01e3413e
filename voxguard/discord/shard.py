"""One shard of hikari's that can be stopped at any time and says what troubles it."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from typing import Any, Final

import aiohttp
from hikari import errors
from hikari.impl import GatewayShardImpl
from hikari.internal.data_binding import JSONObject

from voxguard.discord.starts import Starts

IDENTIFY: Final = 2
READY_SEQUENCE: Final = 1
"""READY is the first dispatch of a session."""

HANDLED: Final = (errors.HikariError, ConnectionResetError)
"""What hikari knows how to go on after."""

HANDSHAKE_SECONDS = 60.0
"""hikari waits for HELLO and READY for as long as the connection stands."""

GOODBYE_SECONDS = 2.0


class Shard(GatewayShardImpl):
    """A shard that reconnects and resumes by itself, and ends with an error where it cannot.

    Overrides four internals of hikari 2.6: the tests fail where another version has not
    got them.
    """

    __slots__ = ("_damaged_at", "_keeping", "_on_trouble", "_opened", "_starts", "is_renewed")

    def __init__(self, *, starts: Starts, on_trouble: Callable[[str], None], **parts: Any) -> None:
        """Identify when `starts` lets it and tell `on_trouble` why there is no connection."""
        super().__init__(**parts)
        self._starts = starts
        self._on_trouble = on_trouble
        self._keeping: asyncio.Task[None] | None = None
        self._damaged_at: int | None = None
        self.is_renewed = False
        self._opened = asyncio.Event()
        self._opened.set()

    @property
    def silent_seconds(self) -> float:
        """How long ago Discord has answered a heartbeat, or the connection was made."""
        return time.time() - self._last_heartbeat_ack_received

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

    def renew(self) -> None:
        """End this session, so that `stay` returns and another shard begins a new one."""
        if self._keeping is not None:
            self.is_renewed = True
            self._keeping.cancel()

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
            await self._starts.take(self.id)
        before = asyncio.all_tasks()
        self._opened.clear()
        try:
            return await self._open()
        except BaseException:
            self._abandon(before)
            raise
        finally:
            self._opened.set()

    async def _open(self) -> tuple[asyncio.Task[None], ...]:
        try:
            async with asyncio.timeout(HANDSHAKE_SECONDS):
                return await super()._connect()
        except errors.GatewayConnectionError as error:
            self._on_trouble(_reason(error))
            raise
        except TimeoutError:
            reason = f"no READY within {HANDSHAKE_SECONDS:.0f} s"
            self._on_trouble(reason)
            raise errors.GatewayConnectionError(reason) from None
        except HANDLED:
            raise
        except Exception as error:
            reason = self._damage(error)
            self._on_trouble(reason)
            raise errors.GatewayConnectionError(reason) from error

    async def _send_json(self, data: JSONObject, *, priority: bool = False) -> None:
        if data["op"] == IDENTIFY:
            self._starts.note_start()
        await super()._send_json(data, priority=priority)

    async def _poll_events(self) -> None:
        """Read until the connection ends; what cannot be read ends it as a cut line would."""
        try:
            await super()._poll_events()
        except HANDLED:
            raise
        except Exception as error:
            raise errors.GatewayConnectionError(self._damage(error)) from error

    def _damage(self, error: Exception) -> str:
        """Something that cannot be read has come; what to say of it.

        What comes again when the session is resumed would come for ever, so that the session
        is given up then, as is one that has hardly begun.
        """
        if self._seq in (None, READY_SEQUENCE, self._damaged_at):
            self._seq = self._session_id = self._resume_gateway_url = None
        self._damaged_at = self._seq
        return f"what it sends cannot be read ({type(error).__name__})"

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
