import time
from pathlib import Path

from tests.end_to_end.conftest import Start
from tests.end_to_end.harbour import (
    BLOCK,
    BLOCKED,
    GUILD_YAML,
    PROMISE_FACTOR,
    Harbour,
    Tables,
    write_policies,
)

SPARE_ONE = """\
version: 1
rules:
  only-looked-at:
    mode: observe
    who: {members: "80351110224678913"}
    then: {disconnect: true}
"""


async def test_a_blocked_member_is_out_at_once(
    start: Start, harbour: Harbour, policies: Path
) -> None:
    """Whoever is blocked is disconnected within 100 ms of joining, with the rule as reason."""
    write_policies(policies, {"block.yaml": BLOCK, "lists.yaml": BLOCKED})
    daemon = await (await start()).ready()
    print(f"ready after {time.monotonic() - daemon.began_at:.2f} s")
    for count in range(3):
        joined = time.monotonic()
        harbour.join("mallory")
        edit = await harbour.edit("mallory", {"channel_id": None}, after=count)
        print(f"asked after {1000 * (edit.monotonic - joined):.1f} ms")
        assert edit.monotonic - joined < 0.1 * PROMISE_FACTOR
        assert edit.reason == "voxguard: no-entry: Blocked members may not be in voice."
        assert harbour.place("mallory") is None
    assert await daemon.stop() == 0
    assert daemon.words == []


async def test_who_is_there_already_is_decided_at_the_start(
    start: Start, harbour: Harbour, policies: Path
) -> None:
    """A blocked member who sat in voice before the daemon came is disconnected when it comes."""
    write_policies(policies, {"block.yaml": BLOCK, "lists.yaml": BLOCKED})
    harbour.join("mallory")
    harbour.join("alice")
    await (await start()).ready()
    await harbour.edit("mallory", {"channel_id": None})
    assert harbour.place("alice") == "lobby"
    assert len(harbour.edits()) == 1


async def test_observe_touches_nobody(
    start: Start, harbour: Harbour, policies: Path, tables: Tables
) -> None:
    """With --observe nothing is sent, and the rows say what would have been done."""
    write_policies(policies, {"block.yaml": BLOCK, "lists.yaml": BLOCKED})
    daemon = await (await start("--observe")).ready()
    harbour.join("mallory")
    await daemon.line("decided", rule="no-entry", mode="observe")
    assert await daemon.stop() == 0
    assert harbour.edits() == []
    assert harbour.place("mallory") == "lobby"
    (row,) = await tables.actions()
    assert (row["mode"], row["outcome"], row["effect"]) == ("observe", "observed", "disconnect")


async def test_rules_and_guilds_can_be_in_observe(
    start: Start, harbour: Harbour, policies: Path, tables: Tables
) -> None:
    """An observing rule acts on nobody while others act, and in an observing guild none acts."""
    files = {"block.yaml": BLOCK, "lists.yaml": BLOCKED, "observed.yaml": SPARE_ONE}
    write_policies(policies, files)
    daemon = await (await start()).ready()
    harbour.join("trudy")
    harbour.join("mallory")
    await daemon.line("decided", rule="only-looked-at", mode="observe")
    await daemon.line("outcome", rule="no-entry", outcome="applied")
    assert harbour.place("trudy") == "lobby"
    write_policies(policies, {"guild.yaml": GUILD_YAML + "  mode: observe\n"})
    await daemon.line("policies in force", after=len(daemon.lines))
    harbour.join("mallory")
    await daemon.line("decided", rule="no-entry", mode="observe")
    assert await daemon.stop() == 0
    assert harbour.place("mallory") == "lobby"
    assert len(harbour.edits()) == 1
    rows = await tables.actions(harbour.user_id("mallory"))
    assert [row["outcome"] for row in rows] == ["applied", "observed"]
