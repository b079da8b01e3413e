from datetime import UTC, datetime
from pathlib import Path

from tests.end_to_end.conftest import Start
from tests.end_to_end.harbour import Harbour, Tables, write_policies

HOPPING = """\
version: 1
rules:
  no-hopping: {when: {entries: {min: 4, within: 60s}}, then: {mute: true}}
  not-in-here: {where: hall, then: {move: lobby}}
"""
CLOSED = """\
version: 1
rules:
  closed: {where: music, existing: spare, then: {disconnect: true}}
"""
GONE = {"channel_id": None}


async def test_entries_are_what_members_do_themselves(
    start: Start, harbour: Harbour, policies: Path, tables: Tables
) -> None:
    """Who hops too often is muted; where the daemon takes somebody is nobody's entry."""
    write_policies(policies, {"rules.yaml": HOPPING})
    daemon = await (await start()).ready()
    harbour.join("bob", "lobby")
    harbour.join("bob", "music")
    harbour.leave("bob")
    for times in (1, 2, 3):
        harbour.join("carol", "hall")
        await daemon.all_lines(times, "outcome", rule="not-in-here", outcome="applied")
        await harbour.see(lambda: harbour.place("carol") == "lobby")
    harbour.join("bob", "music")
    # An entry into the same channel is one like any other.
    harbour.leave("bob")
    fourth_at = datetime.now(UTC)
    harbour.join("bob", "music")
    await harbour.see(lambda: harbour.member("bob").guild_mute)
    assert not harbour.member("carol").guild_mute
    harbour.join("carol", "music")
    await harbour.see(lambda: harbour.member("carol").guild_mute)
    await daemon.all_lines(2, "outcome", effect="mute", outcome="applied")
    assert await daemon.stop() == 0
    (row,) = await tables.actions(harbour.user_id("bob"))
    assert row["decided_at"] >= fourth_at
    rows = await tables.actions(harbour.user_id("carol"))
    assert [(row["effect"], row["outcome"]) for row in rows] == [
        *[("move", "applied")] * 3,
        ("mute", "applied"),
    ]


async def test_who_was_there_before_an_edit_is_spared(
    start: Start, harbour: Harbour, policies: Path
) -> None:
    """A rule that spares lets be who is there when it is saved, until they enter anew."""
    daemon = await (await start()).ready()
    harbour.join("alice", "music")
    harbour.join("bob", "music")
    before = len(daemon.lines)
    write_policies(policies, {"closed.yaml": CLOSED})
    await daemon.line("policies in force", after=before)
    harbour.join("dave", "music")
    await harbour.edit("dave", GONE)
    harbour.join("bob", "lobby")
    harbour.join("bob", "music")
    await harbour.edit("bob", GONE)
    assert harbour.place("alice") == "music"
    await daemon.kill()
    daemon = await (await start()).ready()
    harbour.join("carol", "music")
    await harbour.edit("carol", GONE)
    assert harbour.place("alice") == "music"
    harbour.leave("alice")
    harbour.join("alice", "music")
    await harbour.edit("alice", GONE)
    assert len(harbour.edits()) == 4
