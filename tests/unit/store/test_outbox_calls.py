"""How the outbox is called: order, waiting, closing."""

import asyncio
from pathlib import Path

import pytest

from tests.unit.store.records import NOON, decision
from voxguard.model.ids import GuildId, UserId
from voxguard.ports.outbox import (
    MemberRecord,
    OutboxBatch,
    OutboxError,
    OutboxState,
)
from voxguard.store.outbox import FileOutbox

GUILD, USER = GuildId(7), UserId(8)


async def test_commits_are_written_in_the_order_of_calls(outbox: FileOutbox) -> None:
    """Many commits that wait together are still one after the other."""
    done = [
        outbox.commit(OutboxBatch(members=(MemberRecord(GUILD, USER, str(number).encode()),)))
        for number in range(1000)
    ]
    await asyncio.gather(*done)
    assert (await outbox.load()).members == (MemberRecord(GUILD, USER, b"999"),)


async def test_closing_finishes_what_was_committed(tmp_path: Path) -> None:
    """Nothing that was given to the outbox before it is closed is dropped."""
    path = tmp_path / "outbox.sqlite3"
    outbox = await FileOutbox.open(path)
    done = [outbox.commit(OutboxBatch(decisions=(decision(number),))) for number in range(1000)]
    await outbox.close()
    await asyncio.gather(*done)
    again = await FileOutbox.open(path)
    assert len((await again.load()).decisions) == 1000
    await again.close()


async def test_a_closed_outbox_says_so(tmp_path: Path) -> None:
    """Whoever commits or reads too late gets an error, not silence."""
    outbox = await FileOutbox.open(tmp_path / "outbox.sqlite3")
    await outbox.close()
    await outbox.close()
    with pytest.raises(OutboxError, match="it is closed"):
        await outbox.commit(OutboxBatch())
    with pytest.raises(OutboxError, match="it is closed"):
        await outbox.load()


async def test_giving_up_waiting_does_not_undo_a_commit(outbox: FileOutbox) -> None:
    """A commit whose caller was cancelled is written all the same, and disturbs no other."""
    abandoned = outbox.commit(OutboxBatch(decisions=(decision(1),)))
    abandoned.cancel()
    await outbox.commit(OutboxBatch(decisions=(decision(2),)))
    assert len((await outbox.load()).decisions) == 2


async def test_waiting_for_rows_ends_when_some_have_come(outbox: FileOutbox) -> None:
    """Only what goes to the database wakes whoever hands over, and once."""
    await outbox.wait_for_rows()
    await outbox.commit(OutboxBatch(alive_at=NOON))
    waiting = asyncio.ensure_future(outbox.wait_for_rows())
    await outbox.load()
    assert not waiting.done()
    await outbox.commit(OutboxBatch(decisions=(decision(),)))
    async with asyncio.timeout(5):
        await waiting


async def test_a_failure_while_working_reaches_the_caller(outbox: FileOutbox) -> None:
    """An error of a function that reads or writes the file is its caller's, and nothing stays."""
    with pytest.raises(ZeroDivisionError):
        await outbox._writer.call(lambda _: 1 / 0)
    with pytest.raises(OutboxError, match="no such table"):
        await outbox._writer.call(lambda c: c.execute("SELECT 1 FROM nowhere"))
    assert await outbox.load() == OutboxState()
