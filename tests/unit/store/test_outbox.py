import asyncio
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from tests.unit.store.records import NOON, decision, outcome, visit
from voxguard.model.decisions import Outcome
from voxguard.model.ids import GuildId, UserId
from voxguard.model.visits import EndReason
from voxguard.ports.outbox import (
    MemberRecord,
    OutboxBatch,
    OutboxState,
    OutcomeRecord,
    UnfinishedDecision,
    UnkeepableError,
)
from voxguard.store import outbox_writer
from voxguard.store.outbox import FileOutbox
from voxguard.store.outbox_file import Opened, open_file
from voxguard.store.rows import Counts, Rows

GUILD, USER = GuildId(7), UserId(8)


async def test_a_new_outbox_holds_nothing(outbox: FileOutbox) -> None:
    """The first start finds an empty state and no rows to hand over."""
    assert await outbox.load() == OutboxState()
    assert await outbox.counts() == Counts(0, 0)
    assert not await outbox.pending_rows(10)


async def test_what_was_committed_is_there_after_opening_again(tmp_path: Path) -> None:
    """Members, unfinished decisions, open visits, the last sign of life and the rest come back."""
    path = tmp_path / "outbox.sqlite3"
    first = await FileOutbox.open(path)
    await first.commit(
        OutboxBatch(
            policy_revision="0123456789ab",
            decisions=(decision(1), decision(2), decision(3)),
            outcomes=(outcome(2, Outcome.DEFERRED), outcome(3, Outcome.APPLIED)),
            visits=(visit(1), visit(2, ended=EndReason.LEFT)),
            members=(MemberRecord(GUILD, USER, b"\x00state"), MemberRecord(GUILD, UserId(9), b"")),
            alive_at=NOON,
            meta={"revision": "0123456789ab"},
        )
    )
    await first.close()
    second = await FileOutbox.open(path)
    state = await second.load()
    await second.close()
    assert state == OutboxState(
        members=(MemberRecord(GUILD, USER, b"\x00state"), MemberRecord(GUILD, UserId(9), b"")),
        decisions=(
            UnfinishedDecision(decision(1), "0123456789ab", None),
            UnfinishedDecision(decision(2), "0123456789ab", Outcome.DEFERRED),
        ),
        visits=(visit(1),),
        alive_at=NOON,
        meta={"revision": "0123456789ab"},
    )
    assert state.decisions[0].decision.details == decision(1).details


async def test_what_had_to_wait_may_be_on_its_way_again(outbox: FileOutbox) -> None:
    """Nobody takes it for never sent then; and what is final stays final."""
    outcomes = (outcome(1, Outcome.DEFERRED), outcome(2, Outcome.APPLIED))
    await outbox.commit(OutboxBatch(decisions=(decision(1), decision(2)), outcomes=outcomes))
    sent = tuple(OutcomeRecord(decision(n).id, NOON, None) for n in (1, 2))
    await outbox.commit(OutboxBatch(outcomes=sent))
    [unfinished] = (await outbox.load()).decisions
    assert (unfinished.decision.id, unfinished.outcome) == (decision(1).id, None)


async def test_unfinished_decisions_come_in_the_order_in_which_they_were_made(
    outbox: FileOutbox,
) -> None:
    """Of one instant too, whatever their ids, and whichever of them had to wait meanwhile."""
    order = (3, 1, 2)
    await outbox.commit(OutboxBatch(decisions=tuple(map(decision, order))))
    await outbox.commit(OutboxBatch(decisions=(decision(9, at=NOON - timedelta(hours=1)),)))
    await outbox.commit(OutboxBatch(outcomes=(outcome(3, Outcome.DEFERRED),)))
    unfinished = (await outbox.load()).decisions
    assert [each.decision.id for each in unfinished] == [decision(n).id for n in (*order, 9)]


async def test_later_words_replace_earlier_ones(outbox: FileOutbox) -> None:
    """A member's state, the sign of life and meta are what was said last; None forgets a member."""
    await outbox.commit(
        OutboxBatch(
            members=(MemberRecord(GUILD, USER, b"old"), MemberRecord(GUILD, UserId(9), b"old")),
            alive_at=NOON,
            meta={"a": "1", "b": "1"},
        )
    )
    await outbox.commit(
        OutboxBatch(
            members=(MemberRecord(GUILD, USER, b"new"), MemberRecord(GUILD, UserId(9), None)),
            alive_at=NOON + timedelta(seconds=5),
            meta={"b": "2"},
        )
    )
    state = await outbox.load()
    assert state.members == (MemberRecord(GUILD, USER, b"new"),)
    assert state.alive_at == NOON + timedelta(seconds=5)
    assert state.meta == {"a": "1", "b": "2"}


async def test_a_final_outcome_stays(outbox: FileOutbox) -> None:
    """Neither a passing nor another final outcome, nor the decision again, undoes a final one."""
    await outbox.commit(OutboxBatch(decisions=(decision(),), outcomes=(outcome(),)))
    for later in (Outcome.PENDING, Outcome.FAILED):
        await outbox.commit(OutboxBatch(decisions=(decision(),), outcomes=(outcome(1, later),)))
    (row,) = (await outbox.pending_rows(10)).actions
    assert row.outcome == "applied"


async def test_the_end_of_a_visit_stays(outbox: FileOutbox) -> None:
    """A visit that was closed is neither opened again nor closed anew."""
    for again in (visit(), visit(ended=EndReason.MOVED), visit(), visit(ended=EndReason.LOST)):
        await outbox.commit(OutboxBatch(visits=(again,)))
    (row,) = (await outbox.pending_rows(10)).visits
    assert row.end_reason == "moved"
    assert (await outbox.load()).visits == ()


async def test_rows_are_forgotten_when_they_are_finished_and_handed_over(
    outbox: FileOutbox,
) -> None:
    """What a restart needs stays in the outbox, the rest leaves it with the acknowledgement."""
    await outbox.commit(
        OutboxBatch(
            decisions=(decision(1), decision(2)),
            outcomes=(outcome(2),),
            visits=(visit(1), visit(2, ended=EndReason.LEFT)),
        )
    )
    rows = await outbox.pending_rows(10)
    assert (len(rows.actions), len(rows.visits)) == (2, 2)
    await outbox.acknowledge(rows)
    assert await outbox.counts() == Counts(0, 0)
    state = await outbox.load()
    assert [found.decision for found in state.decisions] == [decision(1)]
    assert state.visits == (visit(1),)
    await outbox.commit(OutboxBatch(outcomes=(outcome(1), outcome(2))))
    (row,) = (await outbox.pending_rows(10)).actions
    assert row.id == decision(1).id.bytes


async def test_a_change_between_reading_and_acknowledging_is_not_lost(outbox: FileOutbox) -> None:
    """An outcome that comes while its decision is on the way is handed over next."""
    await outbox.commit(OutboxBatch(decisions=(decision(),), visits=(visit(),)))
    rows = await outbox.pending_rows(10)
    await outbox.commit(OutboxBatch(outcomes=(outcome(),), visits=(visit(ended=EndReason.LEFT),)))
    await outbox.acknowledge(rows)
    later = await outbox.pending_rows(10)
    assert later.actions[0].outcome == "applied"
    assert later.visits[0].end_reason == "left"
    await outbox.acknowledge(later)
    assert not await outbox.pending_rows(10)


async def test_the_oldest_changes_come_first_and_no_more_than_asked_for(
    outbox: FileOutbox,
) -> None:
    """A long backlog is read piece by piece, in the order in which it came."""
    for number in (5, 3, 9, 1):
        await outbox.commit(OutboxBatch(decisions=(decision(number),)))
    rows = await outbox.pending_rows(3)
    assert [row.id for row in rows.actions] == [decision(n).id.bytes for n in (5, 3, 9)]


async def test_a_refused_row_lies_aside_until_it_changes_or_is_tried_again(
    outbox: FileOutbox,
) -> None:
    """A poison row does not come again and again, and is not dropped either."""
    await outbox.commit(OutboxBatch(decisions=(decision(1), decision(2)), visits=(visit(3),)))
    rows = await outbox.pending_rows(10)
    await outbox.refuse(Rows(rows.actions[:1], rows.visits), "too odd")
    assert await outbox.counts() == Counts(waiting=1, refused=2)
    await outbox.commit(OutboxBatch(outcomes=(outcome(1),)))
    assert await outbox.counts() == Counts(waiting=2, refused=1)
    await outbox.retry_refused()
    assert await outbox.counts() == Counts(waiting=3, refused=0)


async def test_a_batch_that_cannot_be_kept_fails_alone(outbox: FileOutbox) -> None:
    """What one batch holds neither fails its neighbours nor leaves a part of itself behind."""
    bad = OutboxBatch(decisions=(decision(2), decision(3, details={"x": object()})))
    too_large = OutboxBatch(members=(MemberRecord(GuildId(1 << 70), USER, b""),))
    done = [
        outbox.commit(OutboxBatch(decisions=(decision(1),))),
        outbox.commit(bad),
        outbox.commit(too_large),
        outbox.commit(OutboxBatch(decisions=(decision(4),))),
    ]
    results = await asyncio.gather(*done, return_exceptions=True)
    assert [type(result) for result in results] == [
        type(None),
        UnkeepableError,
        UnkeepableError,
        type(None),
    ]
    assert [found.decision for found in (await outbox.load()).decisions] == [
        decision(1),
        decision(4),
    ]


async def test_details_may_be_whatever_the_core_makes_of_json(outbox: FileOutbox) -> None:
    """Read-only mappings, tuples and sets inside of details are kept as objects and arrays."""
    details = {"params": decision().params, "roles": frozenset({2, 1}), "at": NOON, "t": (1, 2)}
    await outbox.commit(OutboxBatch(decisions=(decision(details=details),)))
    (found,) = (await outbox.load()).decisions
    assert found.decision.details == {
        "params": {"channel": "1"},
        "roles": [1, 2],
        "at": "2026-03-02T12:00:00.123456+00:00",
        "t": [1, 2],
    }


async def test_opening_can_be_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A stop while the file is being opened leaves no thread behind, and nothing to complain of."""
    path = tmp_path / "outbox.sqlite3"
    slow, is_over = threading.Event(), threading.Event()

    def open_slowly(where: Path) -> Opened:
        slow.set()
        is_over.wait(10)
        return open_file(where)

    with monkeypatch.context() as patch:
        patch.setattr(outbox_writer, "open_file", open_slowly)
        opening = asyncio.create_task(FileOutbox.open(path))
        await asyncio.to_thread(slow.wait, 10)
        opening.cancel()
        asyncio.get_running_loop().call_soon(is_over.set)
        with pytest.raises(asyncio.CancelledError):
            await opening
    assert not [each for each in threading.enumerate() if each.name == "voxguard-outbox"]
    assert capsys.readouterr().err == ""
    outbox = await FileOutbox.open(path)
    await outbox.close()
