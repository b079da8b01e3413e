"""The real program on real terminals and pipes."""

import codecs
import json
import os
import pty
import select
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

import pytest

GUILD: Final = """
version: 1
guild: {id: "1", channels: {lobby: "21", afk: "22"}}
rules:
  out: {where: lobby, then: {disconnect: true}}
"""
COMMAND: Final = (sys.executable, "-m", "voxguard", "simulate")
PATIENCE_SECONDS: Final = 30


def _lines(count: int) -> str:
    """A trace in which as many members come into the lobby, one a second."""
    records: list[dict[str, object]] = [
        {"at": "2026-03-02T12:00:00Z", "t": "GUILD_CREATE", "d": {"id": "1"}}
    ]
    for number in range(count):
        at = f"2026-03-02T{13 + number // 3600}:{number // 60 % 60:02}:{number % 60:02}Z"
        state = {"guild_id": "1", "user_id": str(1000 + number), "channel_id": "21"}
        records.append({"at": at, "t": "VOICE_STATE_UPDATE", "d": state})
    return "".join(json.dumps(record) + "\n" for record in records)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A directory with policies, and traces of few decisions and of more than a pipe holds."""
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "guild.yaml").write_text(GUILD)
    (tmp_path / "trace.jsonl").write_text(_lines(300))
    (tmp_path / "long.jsonl").write_text(_lines(3000))
    return tmp_path


class Screen:
    """A terminal, and what has been written to it."""

    def __init__(self) -> None:
        self.ours, self.theirs = pty.openpty()
        self.text = ""
        # What is read at once may end in the middle of a character.
        self._decoder = codecs.getincrementaldecoder("utf-8")()

    def read_until(self, wanted: str) -> None:
        """Read until something is there, or the program has ended."""
        ends_at = time.monotonic() + PATIENCE_SECONDS
        while wanted not in self.text and time.monotonic() < ends_at:
            if select.select([self.ours], [], [], 0.1)[0]:
                try:
                    self.text += self._decoder.decode(os.read(self.ours, 65_536))
                except OSError:
                    # Nobody has the other end any more.
                    return

    def close(self) -> None:
        """Let go of our end."""
        os.close(self.ours)


def _environment() -> dict[str, str]:
    return os.environ | {"TERM": "xterm", "COLUMNS": "120", "LINES": "20", "PYTHONUTF8": "1"}


@pytest.mark.parametrize("form", ["human", "json"])
def test_a_reader_who_goes_ends_it_quietly(place: Path, form: str) -> None:
    """As with `| head`: the code that a shell gives for SIGPIPE, and not a word."""
    simulate = shlex.join([*COMMAND, "long.jsonl", "--format", form])
    done = subprocess.run(
        ["bash", "-c", f'{simulate} | head -n 1; exit "${{PIPESTATUS[0]}}"'],
        cwd=place,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert (done.returncode, done.stderr) == (128 + signal.SIGPIPE, "")
    assert done.stdout.count("\n") == 1
    assert "disconnect" in done.stdout


@pytest.mark.parametrize("way", ["trace.jsonl", "- < trace.jsonl", "- < <(cat trace.jsonl)"])
def test_a_terminal_sees_lines_above_a_bar(place: Path, way: str) -> None:
    """Of a file, of standard input that is one, and of a pipe; in the end the bar is gone."""
    screen = Screen()
    with subprocess.Popen(
        ["bash", "-c", f"exec {shlex.join(COMMAND)} {way}"],
        cwd=place,
        stdout=screen.theirs,
        stderr=screen.theirs,
        env=_environment(),
    ) as process:
        os.close(screen.theirs)
        screen.read_until("301 events, 300 decisions")
        screen.read_until("never")
    screen.close()
    assert process.returncode == 0
    lines, _, summary = screen.text.partition("301 events, 300 decisions")
    assert lines.count("disconnect") == 300
    assert "simulating" in lines
    assert ("%" in lines) is ("cat" not in way)
    assert "simulating" not in summary
    # The cursor is shown again.
    assert screen.text.rindex("\x1b[?25h") > screen.text.rindex("\x1b[?25l")


def test_ctrl_c_ends_it_with_the_sums(place: Path) -> None:
    """While it waits for more of a recording that still goes on, too."""
    screen = Screen()
    with subprocess.Popen(
        [*COMMAND, "-"],
        cwd=place,
        stdin=subprocess.PIPE,
        stdout=screen.theirs,
        stderr=screen.theirs,
        env=_environment(),
    ) as process:
        os.close(screen.theirs)
        assert process.stdin is not None
        process.stdin.write(_lines(3).encode())
        process.stdin.flush()
        # Of the last line it cannot be told that its instant is over.
        screen.read_until("1001")
        process.send_signal(signal.SIGINT)
        screen.read_until("until then")
    screen.close()
    assert process.returncode == 128 + signal.SIGINT
    assert "3 events, 2 decisions" in screen.text
    assert "interrupted at 2026-03-02 13:00:01Z of the trace" in screen.text
    assert "Traceback" not in screen.text
