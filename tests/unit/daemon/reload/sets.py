"""Policy sets that say a number, and what a reloader tells of them."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from voxguard.daemon.reload.reloader import Reloader
from voxguard.daemon.reload.status import Candidate, ReloadStatus

GUILD = 'version: 1\nguild:\n  id: "1"\n  channels: {lobby: "2"}\n'


def write_set(root: Path, number: int) -> None:
    """A set of three files that all say the same number."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "guild.yaml").write_text(GUILD)
    for name in ("one", "two"):
        (root / f"{name}.yaml").write_text(rule(name, number))


def rule(name: str, number: int) -> str:
    """A file with one rule, whose duration is the number."""
    return (
        f"version: 1\nrules:\n  {name}:\n    where: lobby\n    for: {number}s\n"
        "    then: {mute: true}\n"
    )


def numbers(candidate: Candidate) -> set[int]:
    """The numbers that a candidate's rules say."""
    guild = next(iter(candidate.index.guilds.values()))
    return {int(each.rule.lasting.total_seconds()) for each in guild.rules if each.rule.lasting}


class Daemon:
    """What a reloader tells, and a way to wait for it."""

    def __init__(self) -> None:
        self.candidates: list[Candidate] = []
        self.told: list[ReloadStatus] = []
        self.accepts = True
        self.reloader: Reloader | None = None
        self._news = asyncio.Event()

    async def activate(self, candidate: Candidate) -> bool:
        """Take a candidate."""
        self.candidates.append(candidate)
        self._news.set()
        return self.accepts

    def changed(self, status: ReloadStatus) -> None:
        """Take a status."""
        self.told.append(status)
        self._news.set()

    async def until(self, condition: Callable[[], object], seconds: float = 20) -> None:
        """Wait until news make a condition true."""
        async with asyncio.timeout(seconds):
            while not condition():
                self._news.clear()
                await self._news.wait()

    async def handed_on(self, count: int) -> set[int]:
        """Wait until so many candidates have been handed on, and give the last one's numbers."""
        await self.until(lambda: len(self.candidates) >= count)
        assert len(self.candidates) == count
        return numbers(self.candidates[-1])

    @property
    def status(self) -> ReloadStatus:
        """How things stand."""
        assert self.reloader is not None
        return self.reloader.status

    async def reload_now(self) -> ReloadStatus:
        """Ask for a load."""
        assert self.reloader is not None
        return await asyncio.wait_for(self.reloader.reload_now(), 30)


Running = Callable[..., AbstractAsyncContextManager[Daemon]]
"""Starts a reloader over the policies, or over another path."""
