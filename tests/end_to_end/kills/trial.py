"""A daemon that is killed over and over while a crowd lives, and what is found afterwards."""

import asyncio
import os
import random
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import asyncpg

from tests.end_to_end.daemon import Daemon, environment, eventually
from tests.end_to_end.harbour import Harbour, Tables, write_policies
from tests.end_to_end.kills import evidence
from tests.end_to_end.kills.crowd import EVERYBODY, HUMANS_OWN, SILENCED, Crowd
from tests.end_to_end.kills.rules import FILES, NO_SILENCE
from tests.end_to_end.kills.watch import Watch
from voxguard.sandbox.limits import Limit
from voxguard.store.embedded.server import EmbeddedPostgres

ACTS_PER_SECOND = 200.0
WIDE = Limit(1000, 10.0)
LIMITS = {"member_role": WIDE, "message": WIDE, "direct_channel": WIDE}
"""For the sandbox: what is measured is the daemon, not Discord's buckets."""

RIGHT_SECONDS = 5.0
"""So long after a restart is ready everybody has to be as the policies want them."""

LONGEST_LIFE_SECONDS = 2.0
AWAY_SECONDS = 2.0


@dataclass(slots=True)
class Findings:
    """What came of it; of the lists everything that is in them is a failure.

    `ready` and `right` are seconds, from a start to being ready and from there until everybody
    was as wanted. `decisions` are those that some log or outbox speaks of.
    """

    kills: int = 0
    early: int = 0
    acts: int = 0
    seconds: float = 0.0
    stopped: int = 0
    crashed: int = 0
    ready: list[float] = field(default_factory=list)
    right: list[float] = field(default_factory=list)
    decisions: set[UUID] = field(default_factory=set)
    outcomes: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)
    visits: int = 0
    astray: list[str] = field(default_factory=list)

    @property
    def failures(self) -> list[str]:
        """Everything that should not be."""
        return [
            *(f"left wrong: {each}" for each in self.wrong),
            *(f"lost: {each}" for each in self.lost),
            *(f"doubled: {each}" for each in self.doubled),
            *(f"never sent: {each}" for each in self.silent),
            *(f"visit: {each}" for each in self.astray),
        ]


class Trial:
    """The daemon, its database, and the crowd."""

    def __init__(self, harbour: Harbour, directory: Path, choice: random.Random) -> None:
        self.found = Findings()
        self.crowd = Crowd(harbour, choice)
        self._harbour = harbour
        self._choice = choice
        self._state_dir = directory / "state"
        self._policies = write_policies(directory / "policies", FILES)
        self._server = EmbeddedPostgres(directory / "database")
        self._watch = Watch(self.crowd)
        self._daemons: list[Daemon] = []

    async def run(self, rounds: int) -> Findings:
        """Kill it so many times, let it end in order, and look at what is left."""
        sandbox = self._harbour.sandbox
        self._harbour.join(HUMANS_OWN, "lobby")
        self._harbour.human(HUMANS_OWN, mute=True)
        # So that kills meet requests that are under way.
        sandbox.set_delay(0.05)
        async with self._server:
            try:
                began = time.monotonic()
                async with _beside(self.crowd.live(ACTS_PER_SECOND)), _beside(self._watch.run()):
                    for number in range(rounds):
                        await self._round(number)
                    daemon = await self._restart()
                    self.found.acts = self.crowd.acts
                    self.found.seconds = time.monotonic() - began
                await self._end(daemon)
            finally:
                for each in self._daemons:
                    await each.kill()
            await self._compare(Tables(self._server.dsn))
        return self.found

    async def _round(self, number: int) -> None:
        """One kill of a daemon that works, and now and then one of one that just starts."""
        if self._choice.random() < 0.25:
            daemon = await self._start()
            await asyncio.sleep(self._choice.uniform(0.0, 1.2 * max(self.found.ready, default=1.0)))
            self.found.early += 1
            await self._kill(daemon)
        trouble = (None, self._stop_database, None, self._crash_database)[number % 4]
        if trouble is None:
            await self._live_and_die()
        else:
            async with _beside(trouble()) as troubled:
                await self._live_and_die()
                await troubled

    async def _live_and_die(self) -> None:
        daemon = await self._restart()
        # What is waited for is not known: that is the point.
        await asyncio.sleep(self._choice.uniform(0.0, LONGEST_LIFE_SECONDS))
        await self._kill(daemon)
        self.found.kills += 1

    async def _restart(self) -> Daemon:
        """Start it, and see that everybody who was wrong when it was ready is so no longer."""
        daemon = await self._start()
        await daemon.ready()
        ready = time.monotonic()
        self.found.ready.append(ready - daemon.began_at)
        for name, what in (await self._watch.right_since(ready, RIGHT_SECONDS)).items():
            self.found.wrong.append(f"{name} {what}, {RIGHT_SECONDS:.0f} s after {daemon}")
        self.found.right.append(time.monotonic() - ready)
        return daemon

    async def _start(self) -> Daemon:
        settings = {"database_url": self._server.dsn}
        env = environment(self._state_dir, self._harbour.sandbox, **settings)
        daemon = await Daemon.start(self._policies, env)
        self._daemons.append(daemon)
        return daemon

    async def _kill(self, daemon: Daemon) -> None:
        await daemon.kill()
        self.found.decisions |= evidence.said(daemon.lines) | evidence.kept(self._state_dir)

    async def _stop_database(self) -> None:
        await asyncio.sleep(self._choice.uniform(0.0, AWAY_SECONDS))
        await self._server.stop()
        await asyncio.sleep(self._choice.uniform(0.0, AWAY_SECONDS))
        await self._server.start()
        self.found.stopped += 1

    async def _crash_database(self) -> None:
        await asyncio.sleep(self._choice.uniform(0.0, AWAY_SECONDS))
        assert self._server.pid is not None
        os.kill(self._server.pid, signal.SIGKILL)
        await asyncio.sleep(self._choice.uniform(0.0, AWAY_SECONDS))
        await self._server.start()
        self.found.crashed += 1

    async def _end(self, daemon: Daemon) -> None:
        """Silence nobody any more, so that everything comes to an end, and stop in order."""
        write_policies(self._policies, {"silence.yaml": NO_SILENCE})
        for name in SILENCED:
            if self._harbour.place(name) is None:
                self._harbour.join(name, "lobby")

        async def heard() -> bool:
            return not self.crowd.muted(SILENCED)

        await eventually(heard, "that nobody is muted for good")
        for name in EVERYBODY:
            if self._harbour.place(name) is not None:
                self._harbour.leave(name)
        await self._watch.right_since(time.monotonic(), RIGHT_SECONDS)

        def ended(rows: list[asyncpg.Record]) -> bool:
            # Those of former runs too, some of which have only now been taken up.
            return not evidence.lost(self.found.decisions | evidence.said(daemon.lines), rows)

        await Tables(self._server.dsn).where(ended)
        code = await daemon.stop()
        assert code == 0, daemon
        self.found.decisions |= evidence.said(daemon.lines) | evidence.kept(self._state_dir)

    async def _compare(self, tables: Tables) -> None:
        rows = await tables.actions()
        self.found.outcomes = Counter(str(row["outcome"]) for row in rows)
        self.found.lost = evidence.lost(self.found.decisions, rows)
        self.found.doubled = evidence.doubled(self.crowd, rows)
        self.found.silent = evidence.silent(self.crowd, rows)
        visits = await tables.visits()
        self.found.visits = len(visits)
        self.found.astray = evidence.astray(visits)


@asynccontextmanager
async def _beside(work: Coroutine[None, None, None]) -> AsyncIterator[asyncio.Task[None]]:
    """Do something for as long as the context lasts."""
    task = asyncio.create_task(work)
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
