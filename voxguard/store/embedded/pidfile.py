"""What postmaster.pid says, and whether the process that it names is our server.

Source: PostgreSQL's src/include/utils/pidfile.h.
"""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

FILE_NAME: Final = "postmaster.pid"


@dataclass(frozen=True, slots=True)
class PidFile:
    """The lines of the file that matter here; `status` is empty while the server begins."""

    pid: int
    port: int
    socket_dir: str
    status: str

    @classmethod
    def read(cls, data_dir: Path) -> Self | None:
        """The file of a data directory, None where there is none or nothing to be read."""
        try:
            lines = (data_dir / FILE_NAME).read_text(encoding="utf-8").splitlines()
        except (FileNotFoundError, UnicodeDecodeError):
            return None
        lines += [""] * (8 - len(lines))
        if not lines[0].strip().isdecimal():
            return None
        port = int(lines[3]) if lines[3].strip().isdecimal() else 0
        return cls(int(lines[0]), port, lines[4].strip(), lines[7].strip())

    @property
    def is_ready(self) -> bool:
        """Whether the server takes connections."""
        return self.status == "ready" and bool(self.socket_dir)


def is_our_server(pid: int, marker: str) -> bool:
    """Whether a living process was started with this very argument.

    Numbers are given again: after a crash, and always in containers, the number in the file
    may be somebody else's.
    """
    return marker in _arguments(pid)


def disown(data_dir: Path) -> None:
    """Put our own number into a file that names a stranger.

    PostgreSQL takes the number of its parent for stale, as it would not that of any living
    process of its user. The file itself stays: by another line of it PostgreSQL finds out
    whether orphans of the old server still use the memory that they shared.
    """
    path = data_dir / FILE_NAME
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join((f"{os.getpid()}\n", *lines[1:])), encoding="utf-8")


def _arguments(pid: int) -> list[str]:
    process = Path("/proc") / str(pid)
    if Path("/proc/self").exists():
        try:
            return os.fsdecode((process / "cmdline").read_bytes()).split("\0")
        except OSError:
            return []
    shown = subprocess.run(  # noqa: S603 - a number and no more
        ["ps", "-ww", "-o", "command=", "-p", str(pid)],  # noqa: S607 - its place differs
        capture_output=True,
        text=True,
        check=False,
    )
    return shown.stdout.split()
