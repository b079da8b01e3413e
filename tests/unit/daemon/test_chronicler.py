from tests.support.stage import ALICE, BOB, GUILD, LOBBY, voice
from tests.unit.daemon.parts import Running, moderate
from voxguard.ports.outbox import MemberRecord


async def test_only_memories_that_differ_are_written() -> None:
    """What is on disk already is not written again, and what is over is forgotten there."""
    async with Running() as running:
        each = moderate(running, "rules: {}")
        each.take(voice(ALICE, LOBBY))
        await running.settled()
        (record,) = running.outbox.batches[-1].members
        again = moderate(running, "rules: {}")
        again.chronicler.remembers([record, MemberRecord(GUILD, BOB, None)])
        batches = len(running.outbox.batches)
        again.take(voice(ALICE, LOBBY))
        await running.settled()
        assert all(not batch.members for batch in running.outbox.batches[batches:])
        again.take(voice(ALICE, None))
        await running.settled()
        assert running.outbox.batches[-1].members == (MemberRecord(GUILD, ALICE, None),)
