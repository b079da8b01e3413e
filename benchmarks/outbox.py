"""How long a decision takes to reach the disk, in the outbox and in PostgreSQL.

Run it as `python -m benchmarks.outbox`. A commit holds what a member's joining brings: a
decision, a visit and the member's memory. The INSERT is what a bot without an outbox would
wait for: the decision's row alone, into the embedded PostgreSQL, which is as durable. Both are
measured in turns, on the same disk, one after the other and with many under way at once, and
before them what the disk takes for a write of that size.
"""

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from uuid import uuid4

import asyncpg

from benchmarks.measuring import disk_waits, heading, is_quick, milliseconds, say, share
from voxguard.model.decisions import Decision, Effect, Mode
from voxguard.model.ids import ChannelId, GuildId, UserId
from voxguard.model.visits import Visit
from voxguard.ports.outbox import MemberRecord, OutboxBatch
from voxguard.store.database import Database
from voxguard.store.embedded.server import EmbeddedPostgres
from voxguard.store.outbox import FILE_NAME, FileOutbox

AT_ONCE = 32
CONNECTIONS = 10
ROUNDS = 4

INSERT = """
    INSERT INTO action_logs (id, decided_at, episode, guild_id, user_id, channel_id, rule, effect,
        mode, details, policy_revision)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
"""
DETAILS = {
    "channel": "110373943822540801",
    "category": None,
    "roles": ["110373943822540800", "110373943822540813"],
    "bot": False,
    "flags": [],
    "visit_since": "2026-03-02T15:00:00+00:00",
    "matched_since": "2026-03-02T15:00:00+00:00",
}
MEMORY = b"." * 500

Commit = Callable[[Decision], Awaitable[object]]


def decide(number: int) -> Decision:
    """One of the decisions."""
    return Decision(
        id=uuid4(),
        episode_id=uuid4(),
        decided_at=datetime.now(UTC),
        guild_id=GuildId(110373943822540800),
        user_id=UserId(number),
        channel_id=ChannelId(110373943822540801),
        rule="blocked-stay-out",
        effect=Effect.DISCONNECT,
        mode=Mode.ENFORCE,
        reason="voxguard: blocked-stay-out: You are on the block list of this server.",
        details=DETAILS,
    )


def batch_of(decision: Decision) -> OutboxBatch:
    """The decision with the visit and the memory that come with it."""
    where = ChannelId(110373943822540801)
    guild_id, user_id = decision.guild_id, decision.user_id
    visit = Visit(uuid4(), guild_id, user_id, where, decision.decided_at)
    memory = MemberRecord(guild_id, user_id, MEMORY)
    return OutboxBatch("revision", (decision,), visits=(visit,), members=(memory,))


def row_of(decision: Decision) -> tuple[object, ...]:
    """The decision as a row."""
    return (
        decision.id,
        decision.decided_at,
        decision.episode_id,
        decision.guild_id,
        decision.user_id,
        decision.channel_id,
        decision.rule,
        decision.effect,
        decision.mode,
        '{"facts": {"roles": ["110373943822540800"], "bot": false, "flags": []}}',
        "revision",
    )


async def timed(commit: Commit, decisions: Sequence[Decision], at_once: int) -> list[float]:
    """How long each took; so many are under way at any time."""
    waiting = iter(decisions)
    seconds = []

    async def work() -> None:
        for decision in waiting:
            began = time.perf_counter()
            await commit(decision)
            seconds.append(time.perf_counter() - began)

    await asyncio.gather(*(work() for _ in range(at_once)))
    return seconds


async def compare(ways: dict[str, Commit], commits: int, at_once: int) -> None:
    """Print how the ways compare, measured in turns."""
    numbers = count(1)
    rates: dict[str, tuple[float, list[float]]] = {}
    for way, commit in ways.items():
        await timed(commit, [decide(next(numbers)) for _ in range(at_once)], at_once)
        rates[way] = (0.0, [])
    for _ in range(ROUNDS):
        for way, commit in ways.items():
            decisions = [decide(next(numbers)) for _ in range(commits // ROUNDS)]
            began = time.perf_counter()
            waits = await timed(commit, decisions, at_once)
            seconds, before = rates[way]
            rates[way] = (seconds + time.perf_counter() - began, before + waits)
    for way, (seconds, waits) in rates.items():
        say(f"{way}, {at_once} at once", f"{len(waits) / seconds:,.0f} /s", milliseconds(waits))
    (seconds, waits), (their_seconds, their_waits) = rates.values()
    say(
        "outbox against INSERT",
        f"{their_seconds / seconds:.1f} x the rate",
        f"{share(waits, 50) / share(their_waits, 50):.2f} x the p50",
    )


async def measure(directory: Path, commits: int) -> None:
    """Open both and compare them."""
    heading(f"outbox: {commits:,} commits each, on the disk of {directory.parent}")
    say("a write of 36 kB to this disk alone", milliseconds(disk_waits(directory, commits)))
    outbox = await FileOutbox.open(directory / FILE_NAME)
    async with EmbeddedPostgres(directory) as server:
        database = await Database.connect(server.dsn)
        await database.upgrade(datetime.now(UTC))
        await database.close()
        pool = await asyncpg.create_pool(server.dsn, min_size=CONNECTIONS, max_size=CONNECTIONS)
        ways: dict[str, Commit] = {
            "outbox commit": lambda decision: outbox.commit(batch_of(decision)),
            "PostgreSQL INSERT": lambda decision: pool.execute(INSERT, *row_of(decision)),
        }
        await compare(ways, commits, 1)
        await compare(ways, commits, AT_ONCE)
        await pool.close()
    await outbox.close()


def main() -> None:
    """Measure and print."""
    commits = 400 if is_quick(__doc__) else 4_000
    with tempfile.TemporaryDirectory() as directory:
        asyncio.run(measure(Path(directory), commits))


if __name__ == "__main__":
    main()
