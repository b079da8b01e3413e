import time
from pathlib import Path

from tests.end_to_end.conftest import Start
from tests.end_to_end.harbour import (
    BLOCK,
    BLOCKED,
    PROMISE_FACTOR,
    Harbour,
    write_policies,
)


async def test_a_blocked_member_is_out_at_once(
    start: Start, harbour: Harbour, policies: Path
) -> None:
    """Whoever is blocked is disconnected within 100 ms of joining, with the rule as reason."""
    write_policies(policies, {"block.yaml": BLOCK, "lists.yaml": BLOCKED})
    daemon = await (await start()).ready()
    print(f"ready after {time.monotonic() - daemon.began_at:.2f} s")
    joined = time.monotonic()
    harbour.join("mallory")
    edit = await harbour.edit("mallory", {"channel_id": None})
    print(f"asked after {1000 * (edit.monotonic - joined):.1f} ms")
    assert edit.monotonic - joined < 0.1 * PROMISE_FACTOR
    assert edit.reason == "voxguard: no-entry: Blocked members may not be in voice."
    assert harbour.place("mallory") is None
    assert await daemon.stop() == 0
    assert daemon.words == []
