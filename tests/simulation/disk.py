"""A disk that outlives processes: the outbox's own tables in memory, and when writes are done."""

import asyncio
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from tests.simulation.timeline import Timeline
from voxguard.model.decisions import Decision, Effect, Mode
from voxguard.model.ids import GuildId, UserId
from voxguard.ports.outbox import OutboxBatch, OutboxError, OutboxState
from voxguard.store import outbox_sql
from voxguard.store.outbox_schema import SCHEMA
from voxguard.store.rows import to_micros

Asking = tuple[GuildId, UserId, Effect, object]
"""A member, what is to be done of them, and with which role, if it is about one."""

LIFTS = (Effect.UNMUTE, Effect.UNDEAFEN)


@dataclass(slots=True)
class Disk:
    """What is on disk, and every batch that ever got there.

    `latest` are the enforced decisions that were made last, each of its member and effect;
    `liftings` are those of them that lift what anybody may have set.
    `before` and `after` are called around each write that is more than a sign of life: that is
    where a process can be killed between any two of them.
    """

    before: Callable[[], None]
    after: Callable[[], None]
    is_full: bool = False
    connection: sqlite3.Connection = field(init=False)
    journal: list[OutboxBatch] = field(default_factory=list)
    decisions: dict[UUID, Decision] = field(default_factory=dict)
    latest: dict[Asking, Decision] = field(default_factory=dict)
    liftings: dict[Asking, Decision] = field(default_factory=dict)
    writes: int = 0

    def __post_init__(self) -> None:
        self.connection = sqlite3.connect(":memory:", isolation_level=None)
        for script in SCHEMA:
            self.connection.executescript(script)

    def write(self, batch: OutboxBatch) -> None:
        """Make a batch durable, all of it or nothing."""
        if self.is_full:
            raise OutboxError("the disk is full")
        matters = bool(batch.decisions or batch.outcomes or batch.visits or batch.members)
        if matters:
            self.before()
        self.writes += 1
        self.connection.execute("BEGIN")
        outbox_sql.write(self.connection, batch, self.writes)
        self.connection.execute("COMMIT")
        if matters:
            self.journal.append(batch)
            for each in batch.decisions:
                self.decisions[each.id] = each
                if each.mode is Mode.ENFORCE:
                    key = each.guild_id, each.user_id, each.effect, each.params.get("role")
                    self.latest[key] = each
                    if each.effect in LIFTS and not each.release:
                        self.liftings[key] = each
            self.after()

    def outcome(self, decision: Decision) -> str | None:
        """What is on disk of what became of a decision; "absent" where it is not there at all."""
        row = self.connection.execute(
            "SELECT outcome FROM actions WHERE decided_at = ? AND id = ?",
            (to_micros(decision.decided_at), decision.id.bytes),
        ).fetchone()
        return "absent" if row is None else row[0]


class DiskOutbox:
    """One process's way to the disk; every write takes a while."""

    def __init__(self, disk: Disk, timeline: Timeline, delay: Callable[[], float]) -> None:
        self._disk = disk
        self._timeline = timeline
        self._delay = delay
        self.is_dead = False

    def commit(self, batch: OutboxBatch) -> asyncio.Future[None]:
        """See `ports.outbox.Outbox.commit`."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def write() -> None:
            if self.is_dead or done.done():
                return
            try:
                self._disk.write(batch)
            except OutboxError as error:
                done.set_exception(error)
            else:
                done.set_result(None)

        self._timeline.after(self._delay(), write)
        return done

    async def load(self) -> OutboxState:
        """See `ports.outbox.Outbox.load`."""
        return outbox_sql.read_state(self._disk.connection, None)

    async def close(self) -> None:
        """See `ports.outbox.Outbox.close`."""
