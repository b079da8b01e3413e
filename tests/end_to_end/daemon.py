"""The real daemon as a subprocess, and what can be seen of it from outside."""

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, Self, TypeVar

import aiohttp

from tests.end_to_end.processes import Family
from voxguard.sandbox.sandbox import Sandbox

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 30.0
"""How long a test waits for what has to happen, on a machine that does other things too."""

NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"
"""Without kept bytecode each start compiles the whole program, which takes as long as the rest."""

Line = dict[str, Any]
T = TypeVar("T")


async def eventually(
    look: Callable[[], Awaitable[T]], what: str, timeout_seconds: float = PATIENCE_SECONDS
) -> T:
    """Look until what is seen is true, and give it."""
    deadline = time.monotonic() + timeout_seconds
    while not (seen := await look()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {timeout_seconds} s: {what}; last seen: {seen!r}")
        await asyncio.sleep(0.02)
    return seen


def environment(state_dir: Path, sandbox: Sandbox | None, **settings: str) -> dict[str, str]:
    """The environment of a command; settings given in lower case, an empty one is left out."""
    ours = {
        "PYTHONPATH": str(ROOT),
        "VOXGUARD_STATE_DIR": str(state_dir),
        "VOXGUARD_HTTP_PORT": "0",
        "VOXGUARD_LOG_FORMAT": "json",
    }
    if sandbox is not None:
        ours |= {"DISCORD_TOKEN": sandbox.token, "VOXGUARD_DISCORD_API": sandbox.api_url}
    ours |= {name.upper(): value for name, value in settings.items()}
    theirs = {name: value for name, value in os.environ.items() if name != NO_BYTECODE}
    return {**theirs, **{name: value for name, value in ours.items() if value}}


class Daemon:
    """One run of `voxguard run`; `lines` are those of its log, `words` what else it says."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.family = Family(process.pid)
        self.began_at = time.monotonic()
        self.lines: list[Line] = []
        self.words: list[str] = []
        self._changed = asyncio.Event()
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def start(
        cls, policies: Path, env: Mapping[str, str], *arguments: str, program: str = "voxguard"
    ) -> Self:
        """Start it; it is not yet connected to anything when this returns."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            program,
            "run",
            str(policies),
            *arguments,
            env=dict(env),
            cwd=policies.parent,
            stdin=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            limit=2**20,
        )
        return cls(process)

    async def line(self, message: str, *, after: int = 0, **fields: object) -> Line:
        """The first line of the log with this message and these fields, now or later."""
        return (await self.all_lines(1, message, after=after, **fields))[0]

    async def all_lines(
        self, count: int, message: str, *, after: int = 0, **fields: object
    ) -> list[Line]:
        """So many lines at least with this message and these fields."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while len(found := self.said(message, after=after, **fields)) < count:
                    if self._reading.done():
                        raise AssertionError(f"it ended without {message!r} {fields}: {self}")
                    await self._changed.wait()
        except TimeoutError:
            raise TimeoutError(f"no line {message!r} {fields}: {self}") from None
        return found

    def said(self, message: str, *, after: int = 0, **fields: object) -> list[Line]:
        """The lines so far with this message and these fields."""
        wanted = {"message": message, **fields}
        return [line for line in self.lines[after:] if wanted.items() <= line.items()]

    async def ready(self) -> Self:
        """Return once it does its work."""
        await self.health_where(lambda health: health["ready"])
        return self

    async def with_database(self) -> Self:
        """Return once it does its work and rows go to the database."""
        await self.health_where(lambda health: health["ready"] and health["database"] != "away")
        return self

    async def health_where(self, holds: Callable[[Line], object]) -> Line:
        """What /readyz says once it is so."""

        async def look() -> Line | None:
            if self.process.returncode is not None:
                raise AssertionError(f"it has ended with {self.process.returncode}: {self}")
            _, health = await self.get("/readyz")
            return health if holds(health) else None

        try:
            return await eventually(look, "that /readyz says so") or {}
        except TimeoutError:
            raise TimeoutError(f"{await self.get('/readyz')}: {self}") from None

    async def get(self, path: str) -> tuple[int, Line]:
        """What its HTTP server answers."""
        url = (await self.line("listening"))["url"]
        async with aiohttp.ClientSession() as client, client.get(url + path) as answer:
            return answer.status, await answer.json()

    async def text(self, path: str) -> str:
        """The same where it is no JSON."""
        url = (await self.line("listening"))["url"]
        async with aiohttp.ClientSession() as client, client.get(url + path) as answer:
            assert answer.status == 200
            return await answer.text()

    def signal(self, number: signal.Signals) -> None:
        """Signal it."""
        self.process.send_signal(number)

    async def ended(self, timeout_seconds: float = PATIENCE_SECONDS) -> int:
        """How it ended, once it has and everything that it said is read."""
        try:
            async with asyncio.timeout(timeout_seconds):
                code = await self.process.wait()
                await asyncio.shield(self._reading)
        except TimeoutError:
            raise TimeoutError(f"it has not ended: {self}") from None
        return code

    async def stop(self) -> int:
        """End it in order."""
        self.signal(signal.SIGTERM)
        return await self.ended()

    async def kill(self) -> None:
        """End it as a power cut would, and return once nothing of it is left."""
        self.family.look()
        if self.process.returncode is None:
            self.process.kill()
        await self.ended()
        await self.family.gone()

    def __str__(self) -> str:
        latest = [json.dumps(line, ensure_ascii=False) for line in self.lines[-25:]]
        return "\n".join(["the daemon's latest words:", *latest, *self.words])

    async def _read(self) -> None:
        assert self.process.stderr is not None
        async for raw in self.process.stderr:
            text = raw.decode().rstrip("\n")
            if text.startswith("{"):
                self.lines.append(json.loads(text))
            else:
                self.words.append(text)
            changed, self._changed = self._changed, asyncio.Event()
            changed.set()
        self._changed.set()
