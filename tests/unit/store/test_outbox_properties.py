import asyncio
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.store.records import decision, outcome, visit
from voxguard.model.decisions import Outcome
from voxguard.model.visits import EndReason
from voxguard.ports.outbox import OutboxBatch
from voxguard.store.outbox import FileOutbox
from voxguard.store.rows import Rows

NUMBERS = st.integers(1, 4)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("decide"), NUMBERS),
        st.tuples(st.just("settle"), NUMBERS, st.none() | st.sampled_from(Outcome)),
        st.tuples(st.just("stay"), NUMBERS, st.none() | st.sampled_from(EndReason)),
        st.tuples(st.just("read")),
        st.tuples(st.just("acknowledge")),
        st.tuples(st.just("reopen")),
    ),
    max_size=30,
)


PASSING = (None, "pending", "deferred")


def merge(known: str | None, new: str | None) -> str | None:
    """What the table has: a final outcome stays, and nothing takes the place of something."""
    return new if known in PASSING and new is not None else known


class Play:
    """An outbox, a model of it, and a table that takes what is handed over."""

    def __init__(self, outbox: FileOutbox, path: Path) -> None:
        self.outbox = outbox
        self.path = path
        self.decided: dict[int, str | None] = {}
        self.passed: dict[int, set[str | None]] = {}
        self.ended: dict[int, str | None] = {}
        self.table: dict[tuple[str, int], str | None] = {}
        self.rows = Rows()

    async def decide(self, number: int) -> None:
        """Record a decision, which may be known."""
        await self.outbox.commit(OutboxBatch(decisions=(decision(number),)))
        self.decided.setdefault(number, None)

    async def settle(self, number: int, what: Outcome | None) -> None:
        """Record an outcome, which may be of no decision, may come late, and may be none yet."""
        await self.outbox.commit(OutboxBatch(outcomes=(outcome(number, what),)))
        if number in self.decided and self.decided[number] in PASSING:
            self.passed.setdefault(number, {None}).add(self.decided[number])
            self.decided[number] = what

    async def stay(self, number: int, end: EndReason | None) -> None:
        """Record a visit, open or closed."""
        await self.outbox.commit(OutboxBatch(visits=(visit(number, ended=end),)))
        self.ended[number] = self.ended.get(number) or end

    async def read(self) -> None:
        """Hand some rows over."""
        self.rows = await self.outbox.pending_rows(3)
        for action in self.rows.actions:
            key = ("action", int.from_bytes(action.id))
            self.table[key] = merge(self.table.get(key), action.outcome)
        for row in self.rows.visits:
            key = ("visit", int.from_bytes(row.id))
            self.table[key] = self.table.get(key) or row.end_reason

    async def acknowledge(self) -> None:
        """Acknowledge what was read last, perhaps a while ago, perhaps again."""
        await self.outbox.acknowledge(self.rows)

    async def reopen(self) -> None:
        """Start again."""
        await self.outbox.close()
        self.outbox = await FileOutbox.open(self.path)
        self.rows = Rows()

    async def finish(self) -> None:
        """Hand the rest over and compare."""
        while await self.outbox.pending_rows(1):
            await self.read()
            await self.acknowledge()
        state = await self.outbox.load()
        await self.outbox.close()
        expected = {("action", number): what for number, what in self.decided.items()}
        for number, passed in self.passed.items():
            # What is being sent after it had to wait still waits, as the table has it.
            if self.decided[number] is None and self.table["action", number] in passed:
                expected["action", number] = self.table["action", number]
        assert self.table == expected | {("visit", n): end for n, end in self.ended.items()}
        assert {found.id.int for found in state.visits} >= {
            number for number, end in self.ended.items() if end is None
        }
        assert {found.decision.id.int for found in state.decisions} >= {
            number for number, what in self.decided.items() if merge(what, "applied") != what
        }


async def play(steps: list[tuple[str, *tuple[Any, ...]]], path: Path) -> None:
    """Take the steps and compare."""
    play = Play(await FileOutbox.open(path), path)
    for name, *arguments in steps:
        await getattr(play, name)(*arguments)
    await play.finish()


@settings(max_examples=25)
@given(STEPS)
def test_the_database_ends_up_with_the_truth(steps: list[tuple[str, *tuple[Any, ...]]]) -> None:
    """However commits, hand-overs and restarts interleave, all rows arrive with their last word."""
    with tempfile.TemporaryDirectory() as directory:
        asyncio.run(play(steps, Path(directory) / "outbox.sqlite3"))
