"""A moderator with a recall, and a script in place of the database that it reads."""

# The stand-in has the arguments of what it stands for.
# ruff: noqa: ARG002

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from tests.support.stage import make_index
from tests.unit.daemon.parts import SNAPSHOT, Running, until
from voxguard.daemon.moderator import Moderator
from voxguard.daemon.recall import Recall
from voxguard.engine.engine import Engine
from voxguard.engine.recalled_leases import PastLease
from voxguard.model.ids import GuildId, UserId
from voxguard.model.visits import Visit
from voxguard.ports.recall import PastAct

RULES = """
rules:
  enough: {where: music, when: {time_used: {min: 1h, per: 24h}}, then: {mute: true}}
  loud: {where: lobby, escalate: {steps: [{mute: true}, {deafen: true}], forget_after: 1d}}
"""
NO_PAST = "rules: {quiet: {where: lobby, then: {mute: true}}}"


class Script:
    """A recollection whose rows are given, and which notes what it is asked."""

    def __init__(self) -> None:
        self.rows: list[Visit] = []
        self.episodes: list[PastAct] = []
        self.held: list[tuple[UserId, PastLease]] = []
        self.asked: list[tuple[object, ...]] = []
        self.error: Exception | None = None
        self.behind = False

    async def caught_up(self) -> bool:
        """As told."""
        await asyncio.sleep(0)
        if self.error is not None:
            raise self.error
        return not self.behind

    async def visits(
        self, guild_id: GuildId, since_at: datetime, until_at: datetime
    ) -> AsyncIterator[Sequence[Visit]]:
        """One page."""
        self.asked.append(("visits", since_at))
        yield self.rows

    async def acts(
        self, guild_id: GuildId, rule: str, since_at: datetime, until_at: datetime
    ) -> AsyncIterator[Sequence[PastAct]]:
        """One page."""
        self.asked.append(("acts", rule, since_at))
        yield self.episodes

    async def leases(
        self, guild_id: GuildId, before: datetime
    ) -> AsyncIterator[Sequence[tuple[UserId, PastLease]]]:
        """One page."""
        self.asked.append(("leases", before))
        yield self.held

    async def close(self, guild_id: GuildId, before: datetime) -> int:
        """Three rows."""
        self.asked.append(("close", before))
        return 3


class Setting:
    """A moderator with a recall, and what it reads from."""

    def __init__(self, running: Running, *, observe: bool = False) -> None:
        self.running = running
        self.script = Script()
        self.moderator = Moderator(
            Engine(), running.ledger, running.clock.now, running.events.append
        )
        self.recall = Recall(
            self.moderator, running.ledger, self.script, running.clock.now, observe=observe
        )

    def activate(self, policies: str) -> None:
        """Put policies in force, as the core does."""
        index = make_index(policies)
        self.recall.turn_to(index)
        self.moderator.activate(index)

    def appear(self) -> None:
        """Discord shows the guild."""
        self.moderator.take(SNAPSHOT)
        self.recall.event(SNAPSHOT)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[None]:
        """Read for as long as the context lasts."""
        task = asyncio.create_task(self.recall.run())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def unread(self) -> list[GuildId]:
        """The guilds whose past is not known."""
        return list(self.recall.status.guilds)

    async def read(self) -> None:
        """Read until nothing is missing."""
        async with self.reading():
            await until(lambda: not self.recall.status.guilds)
        await self.running.settled()

    def meta(self) -> dict[str, str]:
        """The small texts that are on disk."""
        return {k: v for batch in self.running.outbox.batches for k, v in batch.meta.items()}
