"""The demonstration as people run it: in a pipe, on a terminal, and interrupted."""

import asyncio
import fcntl
import os
import pty
import re
import signal
import struct
import sys
import termios
from pathlib import Path
from typing import Final

import pytest

from tests.end_to_end.daemon import environment
from tests.end_to_end.processes import Family

MINUTE: Final = 60.0
CONTROLS: Final = re.compile(r"\x1b(\[[0-9;?]*[A-Za-z]|\([AB0])")
PROMISED: Final = (
    "blocked-stay-out: disconnect trudy: applied",
    "blocked-stay-out: disconnect mallory: applied",
    "members-only: move to lobby carol: applied",
    "away-goes-to-afk: move to afk dave: applied",
    "night-silence: mute alice: applied",
    "night-silence: mute carol: applied",
    "night-silence: unmute alice: applied",
    "night-silence: unmute carol: applied",
    "blocked-stay-out: disconnect eve: applied",
    "lists.yaml: in force after",
    "refused: rules.yaml:7:12: ",
    "lobby-time-limit: move to afk alice: applied",
)


@pytest.fixture
def temporary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where temporary files go, to see what is left of them."""
    return tmp_path_factory.mktemp("demo")


async def start(
    temporary: Path, *arguments: str, output: int = asyncio.subprocess.PIPE, **settings: str
) -> asyncio.subprocess.Process:
    """Start the demonstration in a session of its own."""
    env = environment(temporary / "state", None, tmpdir=str(temporary), **settings)
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "voxguard",
        "demo",
        *arguments,
        env=env,
        cwd=temporary,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=output,
        stderr=asyncio.subprocess.PIPE if output == asyncio.subprocess.PIPE else output,
        start_new_session=True,
    )


async def read_until(process: asyncio.subprocess.Process, family: Family, text: str) -> str:
    """Everything that is written until this is; who works for it is remembered."""
    assert process.stdout is not None
    said = ""
    async with asyncio.timeout(MINUTE):
        while text not in said:
            line = await process.stdout.readline()
            assert line, f"it has ended: {said}"
            family.look()
            said += line.decode()
    return said


async def ended(process: asyncio.subprocess.Process, family: Family, temporary: Path) -> int:
    """How it ended, once it has, with nobody and nothing left."""
    async with asyncio.timeout(MINUTE):
        code = await process.wait()
    await family.gone()
    assert list(temporary.iterdir()) == []
    return code


@pytest.mark.slow
async def test_the_story_is_told_in_a_pipe(temporary: Path) -> None:
    """What the story promises is done and recorded within a minute, and nothing is left of it."""
    process = await start(temporary, "--speed", "5")
    family = Family(process.pid)
    said = await read_until(process, family, "docs/running.md")
    assert await ended(process, family, temporary) == 0
    assert family.size > 2
    assert [promise for promise in PROMISED if promise not in said] == []
    decided = said.count(" decided ")
    assert f"  decisions         {decided}: " in said
    assert re.search(rf"PostgreSQL \d+\S* .*action_logs {decided} rows", said)
    assert re.search(r"voice_sessions [1-9]\d* rows", said)
    assert "\x1b" not in said
    assert process.stderr is not None
    assert await process.stderr.read() == b""


@pytest.mark.slow
async def test_the_environment_has_no_say(temporary: Path) -> None:
    """Neither a token nor a database, a port or a directory of the user's is touched."""
    process = await start(
        temporary,
        discord_token="not.this.one",
        database_url="postgresql://localhost:1/nowhere",
        voxguard_http_port="1",
        voxguard_policies=str(temporary / "nowhere"),
        voxguard_log_level="nonsense",
    )
    family = Family(process.pid)
    await read_until(process, family, "disconnect mallory: applied")
    process.send_signal(signal.SIGTERM)
    assert await ended(process, family, temporary) == 128 + signal.SIGTERM


@pytest.mark.parametrize(
    "moment", ["stand-in for Discord start", "disconnect trudy", "in force after"]
)
async def test_ctrl_c_ends_it_cleanly(temporary: Path, moment: str) -> None:
    """Interrupted at whatever moment, it stops everything it has started, and says nothing."""
    process = await start(temporary, "--speed", "5")
    family = Family(process.pid)
    await read_until(process, family, moment)
    # What a terminal does: the whole group hears of it, and people press it twice.
    os.killpg(process.pid, signal.SIGINT)
    os.killpg(process.pid, signal.SIGINT)
    assert await ended(process, family, temporary) == 128 + signal.SIGINT
    assert process.stderr is not None
    assert await process.stderr.read() == b""


async def test_a_reader_who_goes_away_ends_it(temporary: Path) -> None:
    """With the pipe closed it stops, as quietly as other programs do."""
    process = await start(temporary, "--speed", "5")
    family = Family(process.pid)
    await read_until(process, family, "disconnect trudy")
    process._transport.get_pipe_transport(1).close()  # type: ignore[attr-defined]
    assert await ended(process, family, temporary) == 128 + signal.SIGPIPE
    assert process.stderr is not None
    assert b"Traceback" not in await process.stderr.read()


@pytest.mark.slow
async def test_a_terminal_shows_it_live(temporary: Path) -> None:
    """On a terminal of the usual size everything is drawn in place, and the screen given back."""
    columns, lines = 80, 24
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
    process = await start(
        temporary, "--speed", "5", output=theirs, term="xterm-256color", no_color="1"
    )
    os.close(theirs)
    family = Family(process.pid)
    shown = await asyncio.to_thread(_read_all, ours)
    assert await ended(process, family, temporary) == 0
    before, _, drawn = shown.partition("\x1b[?1049h")
    screens, _, after = drawn.partition("\x1b[?1049l")
    assert before == ""
    plain = CONTROLS.sub("", screens)
    for word in ("channels", "due", "decisions", "policy files", "quiet", "refused: rules.yaml:7"):
        assert word in plain
    assert "The demo is over" in after
    assert "Traceback" not in plain + after
    # NO_COLOR leaves no colour in any of them.
    assert not re.search(r"\x1b\[[0-9;]*3[0-7]m", screens)
    # No frame is wider or higher than the terminal.
    frames = [CONTROLS.sub("", frame) for frame in screens.split("\x1b[H")]
    assert len(frames) > 20
    for frame in frames:
        rows = frame.replace("\r", "").split("\n")
        assert len(rows) <= lines
        assert max(map(len, rows)) <= columns


def _read_all(descriptor: int) -> str:
    pieces = []
    while True:
        try:
            piece = os.read(descriptor, 65536)
        except OSError:
            # Linux says EIO when the other end is closed.
            break
        if not piece:
            break
        pieces.append(piece)
    os.close(descriptor)
    return b"".join(pieces).decode()
