"""A state directory that is lost: what the database remembers takes its place."""

import shutil
from pathlib import Path

import pytest

from tests.end_to_end.conftest import Start
from tests.end_to_end.harbour import Harbour, Tables, write_policies

RULES = """\
version: 1
rules:
  no-microphone: {where: music, then: {mute: true}}
  worse-and-worse:
    where: hall
    escalate: {steps: [{mute: true}, {deafen: true}, {disconnect: true}], forget_after: 1d}
  enough-of-the-stage-door:
    where: lobby
    when: {time_used: {min: 3s, per: 24h}}
    then: {grant: dj}
"""


@pytest.fixture
def policies(policies: Path) -> Path:
    """A mute, an escalation, and a limit on used time."""
    return write_policies(policies, {"rules.yaml": RULES})


async def test_what_is_lost_with_the_state_directory_is_read_from_the_database(
    start: Start, harbour: Harbour, state_dir: Path, tables: Tables
) -> None:
    """Who was muted is released, escalation and used time go on, and no row stays open."""
    first = await (await start()).with_database()
    harbour.join("alice", "music")
    await harbour.edit("alice", {"mute": True})
    harbour.join("bob", "music")
    await harbour.edit("bob", {"mute": True})
    harbour.join("carol", "hall")
    await harbour.edit("carol", {"mute": True})
    harbour.leave("carol")
    harbour.join("dave", "stage")
    harbour.human("dave", mute=True)
    harbour.join("mallory", "lobby")
    await first.line("decided", rule="enough-of-the-stage-door")
    harbour.leave("mallory")
    await tables.where(lambda rows: [row for row in rows if row["effect"] == "revoke"])
    await tables.where(lambda rows: len(rows) >= 6)
    await first.kill()
    harbour.leave("bob")
    shutil.rmtree(state_dir)

    second = await (await start()).with_database()
    read = await second.line("the past is read")
    assert read["leases"] >= 2
    harbour.leave("alice")
    for name in ("alice", "bob"):
        await second.line("decided", effect="unmute", member=str(harbour.user_id(name)))
        harbour.join(name, "lobby")
        await harbour.edit(name, {"mute": False})
    harbour.join("carol", "hall")
    await harbour.edit("carol", {"mute": False, "deaf": True})
    before = len(second.lines)
    harbour.join("mallory", "lobby")
    decided = await second.line(
        "decided", after=before, effect="grant", member=str(harbour.user_id("mallory"))
    )
    visits = await tables.visits(harbour.user_id("mallory"))
    assert decided["rule"] == "enough-of-the-stage-door"
    assert visits[-1]["joined_at"].isoformat() <= decided["at"]
    assert harbour.member("dave").guild_mute
    health = await second.health_where(lambda health: not health["degraded"])
    assert health["reasons"] == []
    assert await second.stop() == 0
    rows = await tables.actions()
    assert {row["outcome"] for row in rows} <= {"applied", "unknown", "superseded"}
