"""The server is real, and so are the connections."""

import asyncio
import contextlib
import signal
import socket
import time

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from voxguard.errors import UsageError
from voxguard.web.server import Served, serve


async def hello(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer everything with a word."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"hello"})


async def never(scope: Scope, receive: Receive, send: Send) -> None:
    """Take for ever."""
    await asyncio.Event().wait()


async def test_a_free_port_is_found_and_told() -> None:
    """Port 0 listens somewhere, and where that is can be read."""
    async with serve(hello, "127.0.0.1", 0) as served, httpx.AsyncClient() as client:
        assert served.port > 0
        answer = await client.get(served.url)
        assert answer.text == "hello"


async def test_the_server_does_not_name_itself() -> None:
    """Nobody learns what software and version answers."""
    async with serve(hello, "127.0.0.1", 0) as served, httpx.AsyncClient() as client:
        assert "server" not in (await client.get(served.url)).headers


async def test_a_taken_port_is_an_error_for_people() -> None:
    """A port in use is named together with the settings that choose another."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(UsageError, match=f"127.0.0.1 port {port}: Address already") as caught:
            async with serve(hello, "127.0.0.1", port):
                pytest.fail("listened on a taken port")
    assert caught.value.hint is not None
    assert "VOXGUARD_HTTP_PORT" in caught.value.hint


async def test_a_host_that_does_not_exist_is_an_error_for_people() -> None:
    """A name without an address is refused like any other wrong setting."""
    with pytest.raises(UsageError, match=r"no-such-host\.invalid"):
        async with serve(hello, "no-such-host.invalid", 0):
            pytest.fail("listened nowhere")


async def test_signals_stay_the_daemons() -> None:
    """Handlers that the daemon has set are its own before, during and after."""
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    async with serve(hello, "127.0.0.1", 0) as served, httpx.AsyncClient() as client:
        await client.get(served.url)
        assert (signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)) == before
    assert (signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)) == before


@pytest.mark.parametrize("sent", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"])
@pytest.mark.parametrize("app", [hello, never])
async def test_no_client_keeps_the_server_from_stopping(sent: bytes, app: object) -> None:
    """Idle, half-sent and unanswered requests all end within a second of the stop."""
    async with contextlib.AsyncExitStack() as stack:
        served = await stack.enter_async_context(serve(app, "127.0.0.1", 0))  # type: ignore[arg-type]
        reader, writer = await asyncio.open_connection(served.host, served.port)
        writer.write(sent)
        await writer.drain()
        if app is hello and sent.endswith(b"\r\n\r\n"):
            assert b"200" in await asyncio.wait_for(reader.readline(), 10)
        began = time.monotonic()
        await stack.aclose()
        assert time.monotonic() - began < 1
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


async def test_the_port_is_free_after_the_stop() -> None:
    """A daemon that is started again gets its port back at once."""
    async with serve(hello, "127.0.0.1", 0) as first, httpx.AsyncClient() as client:
        await client.get(first.url)
    async with serve(hello, "127.0.0.1", first.port) as second:
        assert second.port == first.port


async def test_endless_headers_are_refused() -> None:
    """A request whose headers do not end is answered 400 and cut off."""
    async with serve(hello, "127.0.0.1", 0) as served:
        reader, writer = await asyncio.open_connection(served.host, served.port)
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"x" * 60_000)
        await writer.drain()
        assert b" 400 " in await asyncio.wait_for(reader.readline(), 10)
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


def test_an_address_of_the_sixth_version_stands_in_brackets() -> None:
    """The URL of an IPv6 address is one that clients take."""
    assert Served("::1", 80).url == "http://[::1]:80"
