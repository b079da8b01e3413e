import subprocess
import sys
from pathlib import Path

from tests.unit.store.records import decision
from voxguard.store.outbox import FileOutbox

CHILD = """
import asyncio, itertools, sys
from pathlib import Path
from tests.unit.store.records import decision, outcome
from voxguard.ports.outbox import MemberRecord, OutboxBatch
from voxguard.store.outbox import FileOutbox

async def work(outbox, numbers):
    for number in numbers:
        member = MemberRecord(1, number, b"lease")
        await outbox.commit(OutboxBatch(decisions=(decision(number),), members=(member,)))
        print(number, flush=True)

async def main():
    outbox = await FileOutbox.open(Path(sys.argv[1]))
    numbers = itertools.count(int(sys.argv[2]))
    await asyncio.gather(*(work(outbox, numbers) for _ in range(4)))

asyncio.run(main())
"""


async def test_what_was_reported_survives_a_kill(tmp_path: Path, kill_rounds: int) -> None:
    """After kill -9 every commit that was reported is there, with all of its batch or nothing."""
    path = tmp_path / "outbox.sqlite3"
    reported: set[int] = set()
    for round_number in range(kill_rounds):
        command = [sys.executable, "-c", CHILD, str(path), str(1 + round_number * 100_000)]
        # Nothing else runs in this loop.
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:  # noqa: ASYNC220
            assert child.stdout is not None
            for _ in range(50 + 37 * round_number):
                reported.add(int(child.stdout.readline()))
            child.kill()
            reported.update(int(line) for line in child.stdout if line.endswith("\n"))
        outbox = await FileOutbox.open(path)
        assert outbox.set_aside is None
        state = await outbox.load()
        await outbox.close()
        decided = {found.decision.id.int for found in state.decisions}
        assert reported <= decided
        assert decided == {member.user_id for member in state.members}
        assert state.decisions[0].decision == decision(state.decisions[0].decision.id.int)
