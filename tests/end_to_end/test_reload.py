import shutil
import signal
import time
from pathlib import Path

import pytest

from tests.end_to_end.conftest import Start
from tests.end_to_end.harbour import (
    BLOCK,
    BLOCKED,
    GUILD_YAML,
    PROMISE_FACTOR,
    Harbour,
    write_policies,
)

GONE = {"channel_id": None}
BLOCK_FILE = """\
version: 1
lists:
  blocked: {files: [blocked.txt]}
"""
BROKEN = """\
version: 1
rules:
  no-entry:
    who: {lists: [blockd]}
    then: {disconnect: true}
"""


@pytest.fixture
def policies(policies: Path) -> Path:
    """A block list in a text file."""
    files = {"block.yaml": BLOCK, "lists.yaml": BLOCK_FILE, "blocked.txt": "80351110224678912\n"}
    return write_policies(policies, files)


async def test_an_edit_counts_within_a_second(
    start: Start, harbour: Harbour, policies: Path
) -> None:
    """Whoever is connected and newly listed is out within 1 s of the last write."""
    await (await start()).ready()
    listed = "80351110224678912\n"
    for name in ("alice", "bob", "carol"):
        harbour.join(name)
        listed += f"{harbour.user_id(name)}\n"
        written = time.monotonic()
        if name == "bob":
            write_policies(policies, {"aside.tmp": listed})
            (policies / "aside.tmp").rename(policies / "blocked.txt")
        else:
            write_policies(policies, {"blocked.txt": listed})
        edit = await harbour.edit(name, GONE)
        print(f"{name}: out {edit.monotonic - written:.3f} s after the write")
        assert edit.monotonic - written < 1 * PROMISE_FACTOR
        assert harbour.place(name) is None


async def test_a_broken_edit_changes_nothing_and_says_where(
    start: Start, harbour: Harbour, policies: Path
) -> None:
    """Broken, half-written, emptied and deleted sets leave the old revision in force.

    The log names file, line and column, /readyz says degraded, and a good set counts again.
    """
    daemon = await (await start()).ready()
    revision = (await daemon.get("/readyz"))[1]["revision"]

    async def still_in_force(**expected: object) -> None:
        await daemon.line("policy problem", after=before, level="error", **expected)
        health = await daemon.health_where(lambda health: health["degraded"])
        assert (health["ready"], health["revision"]) == (True, revision)
        harbour.join("alice")
        outs = len(harbour.edits("mallory"))
        harbour.join("mallory")
        await harbour.edit("mallory", GONE, after=outs)
        assert harbour.place("alice") == "lobby"

    before = len(daemon.lines)
    write_policies(policies, {"block.yaml": BROKEN})
    await still_in_force(at="block.yaml:4:19", check="VG102")

    before = len(daemon.lines)
    write_policies(policies, {"block.yaml": BLOCK + "  another:\n    then: {disco"})
    await still_in_force()

    before = len(daemon.lines)
    for file in policies.iterdir():
        file.write_text("")
    await still_in_force()

    before = len(daemon.lines)
    shutil.rmtree(policies)
    await still_in_force()

    listed = f"80351110224678912\n{harbour.user_id('alice')}\n"
    policies.mkdir()
    write_policies(
        policies,
        {"guild.yaml": GUILD_YAML, "block.yaml": BLOCK, "lists.yaml": BLOCK_FILE}
        | {"blocked.txt": listed},
    )
    await harbour.edit("alice", GONE)
    health = await daemon.health_where(lambda health: not health["degraded"])
    assert health["revision"] != revision


async def test_a_change_of_several_files_counts_as_a_whole(
    start: Start, harbour: Harbour, policies: Path
) -> None:
    """No mixture of old and new files is ever in force while they are written one by one."""
    daemon = await (await start()).ready()
    harbour.join("alice")
    harbour.join("bob")
    begun = len(daemon.lines)
    rules = BLOCK.replace("blocked", "barred")
    # With the new rules and the old list the set does not load; with the new list and the old
    # rules nobody would be blocked.
    (policies / "block.yaml").unlink()
    write_policies(policies, {"lists.yaml": BLOCKED.replace("blocked", "barred")})
    write_policies(policies, {"lists.yaml": BLOCK_FILE.replace("blocked:", "barred:")})
    write_policies(policies, {"blocked.txt": f"{harbour.user_id('bob')}\n"})
    write_policies(policies, {"block.yaml": rules})
    await harbour.edit("bob", GONE)
    assert len(daemon.said("policies in force", after=begun)) == 1
    assert daemon.said("policy problem", after=begun) == []
    harbour.join("mallory")
    harbour.join("bob")
    await harbour.edit("bob", GONE, after=1)
    assert (harbour.place("mallory"), harbour.place("alice")) == ("lobby", "lobby")


async def test_a_restart_with_a_broken_set_goes_on_with_the_last_good_one(
    start: Start, harbour: Harbour, policies: Path
) -> None:
    """The revision of before the restart is in force, said loudly, until the files are good."""
    daemon = await (await start()).ready()
    revision = (await daemon.get("/readyz"))[1]["revision"]
    await daemon.kill()
    write_policies(policies, {"block.yaml": BROKEN})
    harbour.join("mallory")
    daemon = await (await start()).ready()
    await daemon.line("policy problem", at="block.yaml:4:19", level="error")
    await harbour.edit("mallory", GONE)
    status, health = await daemon.get("/readyz")
    assert (status, health["ready"], health["degraded"]) == (200, True, True)
    assert (health["revision"], health["policies"]) == (revision, "last good revision")
    assert any("block.yaml:4:19" in reason for reason in health["reasons"])
    write_policies(policies, {"block.yaml": BLOCK})
    await daemon.health_where(lambda health: not health["degraded"])


async def test_reload_by_hand(start: Start, harbour: Harbour, policies: Path) -> None:
    """With VOXGUARD_RELOAD=manual an edit waits for SIGHUP."""
    daemon = await (await start(voxguard_reload="manual")).ready()
    harbour.join("alice")
    write_policies(policies, {"blocked.txt": f"{harbour.user_id('alice')}\n"})
    # A member who is blocked by the old list alone shows that it is still the one in force.
    harbour.join("mallory")
    await harbour.edit("mallory", GONE)
    assert harbour.place("alice") == "lobby"
    daemon.signal(signal.SIGHUP)
    await harbour.edit("alice", GONE)
    harbour.join("mallory")
    await daemon.line("outcome", outcome="applied", member=str(harbour.user_id("alice")))
    assert harbour.place("mallory") == "lobby"
    assert await daemon.stop() == 0
