"""Stand-ins for what is at the far end: an outbox in memory and a Discord that is never called."""

import asyncio
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Self

from tests.support.stage import Stage, make_index
from voxguard.daemon.ledger import Ledger
from voxguard.daemon.moderator import Moderator
from voxguard.engine.engine import Engine
from voxguard.model.decisions import Decision
from voxguard.model.events import Echo, Event
from voxguard.model.ids import GuildId, UserId
from voxguard.ports.enforcement import EnforcementStats
from voxguard.ports.outbox import OutboxBatch, OutboxError, OutboxState, UnfinishedDecision

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.at = START

    def now(self) -> datetime:
        """The instant that was set."""
        return self.at

    def forward(self, seconds: float) -> None:
        """Let time pass."""
        self.at += timedelta(seconds=seconds)


class MemoryOutbox:
    """Keeps batches in a list; fails as often as it is told to."""

    def __init__(self) -> None:
        self.batches: list[OutboxBatch] = []
        self.failures = 0
        self.refuses: Callable[[OutboxBatch], OutboxError | None] = lambda _: None

    async def commit(self, batch: OutboxBatch) -> None:
        """Keep the batch, or say that the disk is full, or what else is to be said of it."""
        await asyncio.sleep(0)
        if self.failures:
            self.failures -= 1
            raise OutboxError("the disk is full", hint="free some space")
        if (refusal := self.refuses(batch)) is not None:
            raise refusal
        self.batches.append(batch)

    async def load(self) -> OutboxState:
        """Nothing was left behind."""
        return OutboxState()

    async def close(self) -> None:
        """Nothing to let go of."""

    @property
    def decisions(self) -> list[Decision]:
        """Every decision that was committed."""
        return [decision for batch in self.batches for decision in batch.decisions]


class Calls:
    """An enforcement that notes what it is told."""

    def __init__(self) -> None:
        self.calls: list[tuple[object, ...]] = []
        self.stats = EnforcementStats()

    def submit(self, decisions: Sequence[Decision]) -> None:
        """Note it."""
        self.calls.append(("submit", *(decision.effect.value for decision in decisions)))

    def restore(self, unfinished: Sequence[UnfinishedDecision]) -> None:
        """Note it."""
        self.calls.append(("restore", len(unfinished)))

    def reported(self, guild_id: GuildId, user_id: UserId) -> None:
        """Note it."""
        self.calls.append(("reported", guild_id, user_id))

    def guild_appeared(self, guild_id: GuildId) -> None:
        """Note it."""
        self.calls.append(("appeared", guild_id))

    def guild_changed(self, guild_id: GuildId) -> None:
        """Note it."""
        self.calls.append(("changed", guild_id))

    def done_by_hand(self, guild_id: GuildId, user_id: UserId, changes: Collection[Echo]) -> None:
        """See the port."""
        self.calls.append(("by hand", guild_id, user_id, changes))

    def member_removed(self, guild_id: GuildId, user_id: UserId) -> None:
        """Note it."""
        self.calls.append(("removed", guild_id, user_id))

    async def close(self, timeout_seconds: float) -> None:
        """Note it."""
        self.calls.append(("close", timeout_seconds))


class Running:
    """A ledger that commits to memory, and what it has handed on."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.outbox = MemoryOutbox()
        self.handed_on: list[Decision] = []
        self.events: list[Event] = []
        self.handed_back: list[Decision] = []
        self.ledger = Ledger(
            self.outbox, self.clock.now, self.handed_on.extend, self.handed_back.append
        )

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self.ledger.run())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def settled(self) -> None:
        """Wait until everything is on disk."""
        async with asyncio.timeout(5):
            await self.ledger.settled()


async def until(condition: Callable[[], object]) -> None:
    """Wait until a condition holds, for ten seconds at most."""
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - what is waited for knows nothing of events
            await asyncio.sleep(0.001)


SNAPSHOT = Stage("rules: {}", appear=False).snapshot()


def moderate(running: Running, policies: str) -> Moderator:
    """A moderator of the guild of these tests, with policies in force."""
    each = Moderator(Engine(), running.ledger, running.clock.now, running.events.append)
    each.activate(make_index(policies))
    each.take(SNAPSHOT)
    return each
