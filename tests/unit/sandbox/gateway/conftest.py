"""A client that speaks the gateway's protocol frame by frame."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
import orjson
import pytest

from voxguard.sandbox.sandbox import Sandbox

GUILDS_AND_VOICE = 1 | 1 << 7


@dataclass
class Client:
    """One websocket to the gateway, without compression."""

    sandbox: Sandbox
    ws: aiohttp.ClientWebSocketResponse

    async def receive(self) -> dict[str, Any]:
        """The next payload."""
        payload = orjson.loads(await self.ws.receive_str(timeout=5))
        assert isinstance(payload, dict)
        return payload

    async def until(self, name: str) -> dict[str, Any]:
        """The next event of this name."""
        while (payload := await self.receive())["t"] != name:
            pass
        return payload

    async def send(self, op: int, data: object) -> None:
        """Send a payload, as bytes, which is how hikari does it."""
        await self.ws.send_bytes(orjson.dumps({"op": op, "d": data}))

    async def identify(self, intents: int = GUILDS_AND_VOICE, **fields: object) -> None:
        """Ask for a new session."""
        data = {"token": self.sandbox.token, "intents": intents, "properties": {}, **fields}
        await self.send(2, data)

    async def close_code(self) -> int:
        """The code with which the server closes."""
        while (message := await self.ws.receive(timeout=5)).type is not aiohttp.WSMsgType.CLOSE:
            assert message.type is aiohttp.WSMsgType.TEXT
        assert isinstance(message.data, int)
        return message.data


Connect = Callable[..., Awaitable[Client]]


@pytest.fixture
async def connect(sandbox: Sandbox) -> AsyncIterator[Connect]:
    """Opens connections; they are closed in the end."""
    async with aiohttp.ClientSession() as session:
        clients: list[Client] = []

        async def open_connection(query: str = "v=10&encoding=json") -> Client:
            url = f"{sandbox.base_url}/gateway?{query}"
            client = Client(sandbox, await session.ws_connect(url, autoclose=False))
            clients.append(client)
            return client

        yield open_connection
        for client in clients:
            await client.ws.close()
