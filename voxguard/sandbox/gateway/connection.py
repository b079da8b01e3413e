"""One websocket: payloads go out in order through one writer, and the line can be cut."""

import asyncio

import orjson
from aiohttp import WSMsgType, web

from voxguard.sandbox.gateway.codec import Codec, ZlibPayloadCodec
from voxguard.sandbox.gateway.session import Session

MAX_QUEUED = 50_000
"""A client that is so many payloads behind is cut off, as Discord does with slow ones."""


class Connection:
    """A client's websocket. `session` is None until it has identified or resumed."""

    def __init__(self, request: web.Request, ws: web.WebSocketResponse, codec: Codec) -> None:
        self.session: Session | None = None
        self.closed_with: int | None = None
        self._request = request
        self._ws = ws
        self._codec = codec
        self._outgoing: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._close_reason = ""

    def send(self, payload: bytes) -> None:
        """Send the payload after all that were sent before."""
        if self.closed_with is None:
            self._outgoing.put_nowait(payload)
            if self._outgoing.qsize() > MAX_QUEUED:
                self.abort()

    def send_op(self, op: int, data: object = None) -> None:
        """Send something that is not an event."""
        self.send(orjson.dumps({"op": op, "d": data, "s": None, "t": None}))

    def compress_payloads(self) -> None:
        """Compress each payload by itself from now on, as IDENTIFY may ask for."""
        if not self._codec.is_binary:
            self._codec = ZlibPayloadCodec()

    def close(self, code: int, reason: str) -> None:
        """Close with a code once everything before has been sent."""
        if self.closed_with is None:
            self.closed_with = code
            self._close_reason = reason
            self._outgoing.put_nowait(None)

    def abort(self) -> None:
        """Cut the line without a word, as a failing network does."""
        transport = self._request.transport
        if transport is not None:
            transport.abort()

    async def write(self) -> None:
        """Send what is queued until the connection is closed or cut."""
        try:
            while (payload := await self._outgoing.get()) is not None:
                contents = self._codec.encode(payload)
                if self._codec.is_binary:
                    await self._ws.send_bytes(contents)
                else:
                    await self._ws.send_frame(contents, WSMsgType.TEXT)
            await self._ws.close(code=self.closed_with or 1000, message=self._close_reason.encode())
        except ConnectionError:
            # The reader finds the line cut too, and ends the connection.
            return
