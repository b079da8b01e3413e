import time
from datetime import UTC, datetime
from pathlib import Path

from tests.end_to_end.conftest import Start
from tests.end_to_end.harbour import PROMISE_FACTOR, Harbour, Tables, write_policies

LIMIT = """\
version: 1
rules:
  long-stay:
    description: The lobby is for a short stay.
    where: lobby
    for: {seconds}s
    then: {{move: hall}}
"""


async def test_who_stays_too_long_is_moved_at_the_instant(
    start: Start, harbour: Harbour, policies: Path
) -> None:
    """Past a time limit a member is moved within 100 ms; who left before it is not."""
    write_policies(policies, {"rules.yaml": LIMIT.format(seconds=2)})
    await (await start()).ready()
    joined = time.monotonic()
    for name in ("alice", "bob", "carol"):
        harbour.join(name)
    harbour.leave("bob")
    harbour.sandbox.set_flags("harbour", "carol", self_mute=True)
    for name in ("alice", "carol"):
        edit = await harbour.edit(name, {"channel_id": str(harbour.channel_id("hall"))})
        late = edit.monotonic - joined - 2
        print(f"{name}: asked {1000 * late:.1f} ms after the instant")
        assert 0 <= late < 0.1 * PROMISE_FACTOR
        assert edit.reason == "voxguard: long-stay: The lobby is for a short stay."
        assert harbour.place(name) == "hall"
    assert harbour.edits("bob") == []


async def test_a_stay_goes_on_across_a_restart(
    start: Start, harbour: Harbour, policies: Path, tables: Tables
) -> None:
    """A `for` in progress runs on when the daemon is killed and started; the visit stays one."""
    write_policies(policies, {"rules.yaml": LIMIT.format(seconds=8)})
    daemon = await (await start()).ready()
    joined_at, joined = datetime.now(UTC), time.monotonic()
    for name in ("alice", "bob", "carol"):
        harbour.join(name)
    await daemon.health_where(lambda health: health["database"] == "connected")
    await daemon.kill()
    harbour.leave("bob")
    harbour.sandbox.move("harbour", "carol", "music")
    daemon = await (await start()).ready()
    ready = time.monotonic()
    edit = await harbour.edit("alice", {"channel_id": str(harbour.channel_id("hall"))})
    due = max(joined + 8, ready)
    print(f"ready after {ready - joined:.1f} s, asked {1000 * (edit.monotonic - due):.1f} ms late")
    assert joined + 8 <= edit.monotonic < due + 0.1 * PROMISE_FACTOR
    assert await daemon.stop() == 0
    first, second = await tables.visits(harbour.user_id("alice"))
    assert first["end_reason"] == "voxguard"
    assert abs((first["joined_at"] - joined_at).total_seconds()) < 1
    assert (second["channel_id"], second["left_at"]) == (harbour.channel_id("hall"), None)
    (gone,) = await tables.visits(harbour.user_id("bob"))
    assert gone["end_reason"] == "lost"
    lost, new = await tables.visits(harbour.user_id("carol"))
    assert (lost["end_reason"], new["left_at"]) == ("lost", None)
    assert lost["left_at"] < new["joined_at"]
    assert harbour.edits("bob") == harbour.edits("carol") == []
