"""The client against real sockets, with and without a daemon at the other end."""

import asyncio
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.unit.daemon.looked_at import LookedAt
from voxguard.cli import control
from voxguard.cli.control import ask
from voxguard.daemon.control.place import FILE_NAME
from voxguard.daemon.control.server import serve_control
from voxguard.errors import UnreachableError, UsageError


@contextmanager
def answering(state_dir: Path, answer: bytes) -> Iterator[None]:
    """Something at the socket that answers once, with these bytes."""
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(state_dir / FILE_NAME))
        server.listen()

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65_536)
                connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        yield
        thread.join(10)


def http(status: str, body: str) -> bytes:
    """An answer of HTTP."""
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()


async def test_a_daemon_is_asked_and_answers(tmp_path: Path) -> None:
    """Also where the path of the state directory is longer than a socket's may be."""
    deep = tmp_path / ("d" * 100)
    deep.mkdir()
    for state_dir in (tmp_path, deep):
        async with serve_control(LookedAt().insight(), state_dir):
            answer = await asyncio.to_thread(ask, state_dir, "GET", "/v1/fuses")
            assert answer == {"format_version": 1, "fuses": []}
            with pytest.raises(UsageError, match="there is no rule x"):
                await asyncio.to_thread(ask, state_dir, "POST", "/v1/fuses/reset", {"rule": "x"})


def test_without_a_daemon(tmp_path: Path) -> None:
    """No directory, no socket, or one that a dead daemon has left: the same to whoever asks."""
    for state_dir in (tmp_path / "none", tmp_path / ("x" * 120), tmp_path):
        with pytest.raises(UnreachableError, match="no daemon is at work") as caught:
            ask(state_dir, "GET", "/v1/status")
        assert caught.value.hint is not None
        assert "voxguard run" in caught.value.hint
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(tmp_path / FILE_NAME))
    with pytest.raises(UnreachableError, match="no daemon is at work"):
        ask(tmp_path, "GET", "/v1/status")


def test_a_daemon_that_does_not_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for ever."""
    monkeypatch.setattr(control, "TIMEOUT_SECONDS", 0.05)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / FILE_NAME))
        server.listen()
        with pytest.raises(UnreachableError, match=r"does not answer within 0\.05 s"):
            ask(tmp_path, "GET", "/v1/status")


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (b"220 mail.example.org ESMTP\r\n", "control.sock"),
        (b"", "control.sock"),
        (http("200 OK", "hello"), "is no daemon"),
        (http("200 OK", "[]"), "is no daemon"),
        (http("500 Oops", "{}"), "is no daemon"),
        (
            http("404 N", '{"error": {"exit_code": 2, "message": "GET /v1/x", "hint": null}}'),
            r"does not know this call \(GET /v1/x\)",
        ),
        (
            http("403 N", '{"error": {"exit_code": 7, "message": "user 7", "hint": null}}'),
            "you may not speak",
        ),
        (
            http("500 N", '{"error": {"exit_code": 7, "message": "It burns.", "hint": null}}'),
            r"It burns\.",
        ),
    ],
)
def test_answers_that_are_none(tmp_path: Path, answer: bytes, message: str) -> None:
    """Whatever answers, there is a message for people."""
    with (
        answering(tmp_path, answer),
        pytest.raises(UnreachableError, match=message),
    ):
        ask(tmp_path, "GET", "/v1/x")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_who_may_not_enter_the_directory(tmp_path: Path) -> None:
    """It is said who may."""
    tmp_path.chmod(0o700)
    os.seteuid(65_534)
    try:
        with pytest.raises(UnreachableError, match="you may not speak") as caught:
            ask(tmp_path, "GET", "/v1/status")
    finally:
        os.seteuid(0)
    assert caught.value.hint == "run this as the user that the daemon runs as, or as root"
