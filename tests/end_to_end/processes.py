"""The processes that a daemon has started, and whether any of them is still there."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

GONE_SECONDS = 10.0

# What can be read of a process that ends meanwhile is nothing.
_ENDED = (FileNotFoundError, ProcessLookupError)


class Family:
    """A process and what descends from it; who was seen once stays in mind."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._seen: dict[int, str] = {}
        self.look()

    def look(self) -> None:
        """Take everybody in who is there now."""
        for pid in _tree(self._pid):
            started = _started(pid)
            if started:
                self._seen.setdefault(pid, started)

    @property
    def size(self) -> int:
        """How many were seen, the first one included."""
        return len(self._seen)

    def left(self) -> list[str]:
        """The command lines of those who are still there."""
        return [_command(pid) for pid, began in self._seen.items() if _started(pid) == began]

    async def gone(self, timeout_seconds: float = GONE_SECONDS) -> None:
        """Return once nobody is there any more."""
        deadline = time.monotonic() + timeout_seconds
        while left := self.left():
            if time.monotonic() > deadline:
                raise TimeoutError(f"left behind: {left}")
            await asyncio.sleep(0.02)


def _tree(pid: int) -> Iterator[int]:
    yield pid
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
    except _ENDED:
        return
    for task in tasks:
        try:
            children = (task / "children").read_text().split()
        except _ENDED:
            continue
        for child in children:
            yield from _tree(int(child))


def _started(pid: int) -> str:
    """When the process began, in ticks: tells it from a later one with its number."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except _ENDED:
        return ""
    fields = stat.rpartition(")")[2].split()
    return "" if fields[0] in "ZX" else fields[19]


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ").strip()
    except _ENDED:
        return "somebody who has just ended"
