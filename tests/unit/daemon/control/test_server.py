"""The server is real, and so is the socket."""

import asyncio
import os
import stat
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from structlog.testing import capture_logs

from tests.unit.daemon.looked_at import LookedAt
from voxguard.daemon.control import calls
from voxguard.daemon.control.call import Asked, Call
from voxguard.daemon.control.calls import CALLS
from voxguard.daemon.control.place import FILE_NAME
from voxguard.daemon.control.server import MAX_BODY_BYTES, make_app, serve_control
from voxguard.daemon.insight import Insight
from voxguard.errors import UnsafeError

NOBODY = 65_534
ASK = """
import os, socket, sys

os.setuid(int(sys.argv[1]))
client = socket.socket(socket.AF_UNIX)
client.connect("control.sock")
client.sendall(b"GET /v1/status HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\n\\r\\n")
print(client.makefile().readline())
"""


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[aiohttp.ClientSession]:
    """A client at the socket of a daemon."""
    connector = aiohttp.UnixConnector(str(tmp_path / FILE_NAME))
    async with (
        serve_control(LookedAt().insight(), tmp_path),
        aiohttp.ClientSession("http://localhost", connector=connector) as session,
    ):
        yield session


async def error(answer: aiohttp.ClientResponse) -> tuple[int, int, str]:
    """Status, exit code and message of a refusal."""
    body = await answer.json()
    return answer.status, body["error"]["exit_code"], body["error"]["message"]


def test_every_module_is_in_the_list() -> None:
    """A call that was forgotten in the list fails here."""
    modules = {file.stem for file in Path(calls.__file__).parent.glob("*.py")} - {"__init__"}
    assert {each.answer.__module__.rpartition(".")[2] for each in CALLS} == modules
    assert all(each.path.startswith("/v1/") for each in CALLS)


async def test_a_call_is_answered(client: aiohttp.ClientSession) -> None:
    """In JSON, with the version of its form."""
    answer = await client.get("/v1/status")
    assert (answer.status, answer.content_type) == (200, "application/json")
    assert (await answer.json())["format_version"] == 1


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/v2/status", 404),
        ("GET", "/v1/status/", 404),
        ("POST", "/v1/status", 405),
        ("GET", "/v1/fuses/reset", 405),
        ("DELETE", "/v1/fuses", 405),
    ],
)
async def test_what_there_is_not_is_refused(
    client: aiohttp.ClientSession, method: str, path: str, status: int
) -> None:
    """With an error in JSON that names it."""
    answer = await client.request(method, path)
    found, code, message = await error(answer)
    assert (found, code) == (status, 2)
    assert path in message


@pytest.mark.parametrize("body", [b"{", b"[]", b"7", b"\xff", b'{"rule": 7}', b"{}"])
async def test_a_body_that_makes_no_sense_is_refused(
    client: aiohttp.ClientSession, body: bytes
) -> None:
    """As wrong usage."""
    found, code, _ = await error(await client.post("/v1/fuses/reset", data=body))
    assert (found, code) == (400, 2)


async def test_a_body_has_a_limit(client: aiohttp.ClientSession) -> None:
    """What is larger is refused, announced or not."""

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(MAX_BODY_BYTES // 1024 + 2):
            yield b" " * 1024

    for body in (b" " * (MAX_BODY_BYTES + 1024), pieces()):
        found, code, _ = await error(await client.post("/v1/fuses/reset", data=body))
        assert (found, code) == (413, 2)


async def test_errors_for_people_keep_their_exit_code(tmp_path: Path) -> None:
    """And a bug is told from them, without its traceback."""

    async def unsafe(insight: Insight, asked: Asked) -> Mapping[str, Any]:
        raise UnsafeError(f"not for {asked.uid}", hint="do not")

    async def broken(insight: Insight, asked: Asked) -> Mapping[str, Any]:
        raise ZeroDivisionError

    made = (Call("GET", "/v1/unsafe", unsafe), Call("GET", "/v1/broken", broken))
    runner = web.AppRunner(make_app(LookedAt().insight(), made))
    await runner.setup()
    place = str(tmp_path / "s")
    await web.UnixSite(runner, place).start()
    async with aiohttp.ClientSession(
        "http://localhost", connector=aiohttp.UnixConnector(place)
    ) as client:
        answer = await client.get("/v1/unsafe")
        assert await error(answer) == (400, 5, f"not for {os.geteuid()}")
        with capture_logs() as logs:
            answer = await client.get("/v1/broken")
            assert (await error(answer))[:2] == (500, 7)
        assert [line["log_level"] for line in logs] == ["error"]
    await runner.cleanup()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
async def test_another_user_is_refused_though_the_file_lets_them(tmp_path: Path) -> None:
    """The kernel says who has connected: neither the mode nor the directory has to be right."""
    # It is the working directory, so that no directory above it matters.
    tmp_path.chmod(0o711)  # noqa: ASYNC240 - nothing else runs here
    async with serve_control(LookedAt().insight(), tmp_path):
        (tmp_path / FILE_NAME).chmod(0o666)

        def ask(uid: int) -> str:
            command = [sys.executable, "-c", ASK, str(uid)]
            return subprocess.run(
                command, cwd=tmp_path, capture_output=True, text=True, check=True
            ).stdout

        assert "200" in await asyncio.to_thread(ask, 0)
        assert "403" in await asyncio.to_thread(ask, NOBODY)


async def test_without_a_socket_the_daemon_goes_on(tmp_path: Path) -> None:
    """It is said as an error; moderating is worth more."""
    (tmp_path / FILE_NAME).mkdir()
    with capture_logs() as logs:
        async with serve_control(LookedAt().insight(), tmp_path):
            pass
    assert [(line["log_level"], line["socket"]) for line in logs] == [
        ("error", str(tmp_path / FILE_NAME))
    ]
    assert stat.S_ISDIR((tmp_path / FILE_NAME).stat().st_mode)
