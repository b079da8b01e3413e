"""The gateway's address: a websocket is accepted, greeted, listened to, and cleared away."""

import asyncio

import orjson
from aiohttp import WSMsgType, web

from voxguard.sandbox.faults import Faults
from voxguard.sandbox.gateway.close_codes import CloseCode, ends_session
from voxguard.sandbox.gateway.codec import codec_for
from voxguard.sandbox.gateway.connection import Connection
from voxguard.sandbox.gateway.hub import Hub
from voxguard.sandbox.gateway.protocol import Protocol
from voxguard.sandbox.journal import Source

MAX_PAYLOAD = 64 * 1024
"""More than the 4,096 bytes that Discord takes, so that its limit can be told from ours."""

HELLO, DISCORDS_MAX_PAYLOAD = 10, 4096


class GatewayEndpoint:
    """Accepts websockets at `/gateway`."""

    def __init__(self, hub: Hub, faults: Faults, heartbeat_seconds: float) -> None:
        self._hub = hub
        self._faults = faults
        self._heartbeat_seconds = heartbeat_seconds

    def add_to(self, app: web.Application) -> None:
        """Put the route into the application."""
        app.router.add_get("/gateway", self._accept)
        app.router.add_get("/gateway/", self._accept)

    async def _accept(self, request: web.Request) -> web.StreamResponse:
        codec = codec_for(request.query.get("compress"))
        if self._faults.gateway_refuses or codec is None:
            self._hub.journal.see(Source.GATEWAY, "connection refused", is_refusal=True)
            status = 503 if codec is not None else 400
            return web.Response(status=status, text="The sandbox refuses gateway connections.")
        ws = web.WebSocketResponse(max_msg_size=MAX_PAYLOAD, timeout=2.0, compress=False)
        await ws.prepare(request)
        connection = Connection(request, ws, codec)
        self._hub.connections.add(connection)
        compress = request.query.get("compress", "no compression")
        self._hub.journal.see(Source.GATEWAY, f"connection opened, {compress}")
        writer = asyncio.create_task(connection.write())
        try:
            self._greet(connection, request)
            await self._listen(connection, ws, request.host)
        finally:
            if connection.closed_with is None:
                writer.cancel()
            # Otherwise the writer is about to say goodbye.
            await asyncio.wait([writer])
            # A client that closes with one of these codes gives its session up.
            code = connection.closed_with or ws.close_code or 1006
            self._hub.detach(connection, forget=ends_session(code))
        return ws

    def _greet(self, connection: Connection, request: web.Request) -> None:
        if request.query.get("v") != "10":
            code = CloseCode.INVALID_API_VERSION
            connection.close(code, code.reason)
        elif request.query.get("encoding", "json") != "json":
            code = CloseCode.DECODE_ERROR
            connection.close(code, code.reason)
        else:
            interval = int(self._heartbeat_seconds * 1000)
            hello = {"op": HELLO, "s": None, "t": None, "d": {"heartbeat_interval": interval}}
            connection.send(orjson.dumps(hello))

    async def _listen(self, connection: Connection, ws: web.WebSocketResponse, host: str) -> None:
        protocol = Protocol(self._hub, self._faults, connection, host)
        async for message in ws:
            if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                continue
            if len(message.data) > DISCORDS_MAX_PAYLOAD:
                connection.close(CloseCode.DECODE_ERROR, CloseCode.DECODE_ERROR.reason)
            else:
                protocol.receive(message.data)
            self._report_refusal(connection)

    def _report_refusal(self, connection: Connection) -> None:
        if connection.closed_with is not None:
            code = connection.closed_with
            self._hub.journal.see(Source.GATEWAY, f"connection closed with {code}", is_refusal=True)
