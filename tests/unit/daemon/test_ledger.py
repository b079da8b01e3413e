import asyncio
from itertools import count

import pytest
from structlog.testing import capture_logs

from tests.support.stage import ALICE, LOBBY, Stage
from tests.unit.daemon.parts import START, Clock, MemoryOutbox, Running, until
from voxguard.daemon import ledger as ledger_module
from voxguard.daemon.ledger import Ledger
from voxguard.model.decisions import Decision
from voxguard.ports.outbox import OutboxBatch


@pytest.fixture
def decisions() -> list[Decision]:
    """A mute and its release."""
    stage = Stage("rules: {r: {where: lobby, then: {mute: true}}}")
    stage.enter(ALICE, LOBBY)
    stage.at(1).leave(ALICE)
    return stage.decisions


async def test_a_decision_is_on_disk_before_it_is_handed_on(decisions: list[Decision]) -> None:
    """Nothing reaches enforcement that a crash could forget."""
    async with Running() as running:
        running.ledger.record(decisions=decisions)
        assert running.handed_on == []
        await running.settled()
        assert running.outbox.decisions == decisions == running.handed_on


async def test_what_a_moment_brings_is_committed_together(decisions: list[Decision]) -> None:
    """Records of one turn of the loop are one transaction."""
    async with Running() as running:
        for decision in decisions:
            running.ledger.record(decisions=[decision])
        await running.settled()
        assert [len(batch.decisions) for batch in running.outbox.batches] == [2]


async def test_nothing_is_done_while_nothing_can_be_recorded(
    decisions: list[Decision], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk is said once, tried again, and loses nothing."""
    monkeypatch.setattr(ledger_module, "RETRY_SECONDS", 0.001)
    async with Running() as running:
        running.outbox.failures = 3
        with capture_logs() as logs:
            running.ledger.record(decisions=decisions)
            while running.outbox.failures:
                assert running.handed_on == []
                await asyncio.sleep(0)
            await running.settled()
        assert running.handed_on == decisions
        assert running.ledger.failure is None
    assert [line["event"] for line in logs] == ["nothing can be recorded", "recording works again"]
    assert logs[0]["hint"] == "free some space"


async def test_each_decision_keeps_the_revision_that_decided_it(decisions: list[Decision]) -> None:
    """Another revision begins another batch."""
    async with Running() as running:
        running.ledger.set_revision("one")
        running.ledger.record(decisions=decisions[:1])
        running.ledger.set_revision("two")
        running.ledger.record(decisions=decisions[1:])
        await running.settled()
        revisions = [
            (batch.policy_revision, len(batch.decisions))
            for batch in running.outbox.batches
            if batch.decisions
        ]
        assert revisions == [("one", 1), ("two", 1)]


async def test_notices_wait_for_what_was_recorded_before_them(decisions: list[Decision]) -> None:
    """Whoever is told of an event has been handed what was decided upon it."""
    told: list[int] = []
    async with Running() as running:
        running.ledger.afterwards(lambda: told.append(len(running.handed_on)))
        assert told == [0]
        running.ledger.record(decisions=decisions)
        running.ledger.afterwards(lambda: told.append(len(running.handed_on)))
        assert told == [0]
        await running.settled()
        assert told == [0, 2]


async def test_a_notice_that_comes_while_the_disk_is_at_work_waits_no_longer(
    decisions: list[Decision],
) -> None:
    """Nothing more is recorded, and the next sign of life is far away."""
    async with Running() as running:
        told: list[str] = []
        commit = running.outbox.commit

        async def slow(batch: OutboxBatch) -> None:
            await commit(batch)
            running.ledger.afterwards(lambda: told.append("done"))

        running.outbox.commit = slow  # type: ignore[method-assign] # the disk takes a while
        running.ledger.record(decisions=decisions)
        await running.settled()
        await until(lambda: told == ["done"])
        assert running.handed_on == decisions


async def test_a_quiet_ledger_still_says_that_it_is_alive() -> None:
    """The last instant alive bounds the visits that a crash cuts off."""
    running = Running()
    task = asyncio.create_task(running.ledger.run(heartbeat_seconds=0.001))
    await until(lambda: running.outbox.batches)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert running.outbox.batches[0].alive_at == START


async def test_a_stop_is_not_missed_when_work_comes_with_it(decisions: list[Decision]) -> None:
    """A ledger that is cancelled in the moment of a record ends all the same."""
    running = Running()
    task = asyncio.create_task(running.ledger.run())
    await asyncio.sleep(0)
    running.ledger.record(decisions=decisions)
    task.cancel()
    done, _ = await asyncio.wait([task], timeout=5)
    assert done


async def test_marks_go_with_each_sign_of_life() -> None:
    """Whatever the next run has to know of the moment is on disk together with the instant."""
    outbox, numbers = MemoryOutbox(), count(1)

    def marks() -> dict[str, str]:
        return {"clock": str(next(numbers))}

    ledger = Ledger(outbox, Clock().now, lambda _decisions: None, marks=marks)
    ledger.set_revision("r")
    task = asyncio.create_task(ledger.run(0.001))
    try:
        await until(lambda: len(outbox.batches) > 1)
        assert [batch.meta for batch in outbox.batches[:2]] == [{"clock": "1"}, {"clock": "2"}]
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
