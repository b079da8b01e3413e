from pathlib import Path

from tests.end_to_end.conftest import Start
from tests.end_to_end.harbour import Harbour, write_policies

EVERYBODY = """\
version: 1
rules:
  nobody-stays: {then: {disconnect: true}}
"""
ONLY_DJS = """\
version: 1
rules:
  only-djs:
    who: {roles: {none: [dj]}}
    where: music
    then: {move: lobby}
"""


async def test_exempt_members_are_never_touched(
    start: Start, harbour: Harbour, policies: Path
) -> None:
    """Staff, the owner, administrators, bots and whoever is in the AFK channel are let be."""
    write_policies(policies, {"rules.yaml": EVERYBODY})
    await (await start()).ready()
    spared = ("stella", "olga", "adam", "jukebox")
    for name in spared:
        harbour.join(name)
    harbour.join("alice", "afk")
    harbour.join("bob")
    await harbour.edit("bob", {"channel_id": None})
    assert [harbour.place(name) for name in spared] == ["lobby"] * 4
    assert harbour.place("alice") == "afk"
    harbour.join("alice", "lobby")
    await harbour.edit("alice", {"channel_id": None})
    assert {edit.path for edit in harbour.edits()} == {
        f"/guilds/110373943822540800/members/{harbour.user_id(name)}" for name in ("alice", "bob")
    }


async def test_a_change_of_roles_counts_at_once(
    start: Start, harbour: Harbour, policies: Path
) -> None:
    """A connected member who gains or loses a role is decided anew without a voice event."""
    write_policies(policies, {"rules.yaml": ONLY_DJS})
    await (await start()).ready()
    harbour.human("bob", roles=["dj"])
    harbour.join("bob", "music")
    harbour.join("stella", "music")
    harbour.human("bob", roles=[])
    await harbour.edit("bob", {"channel_id": str(harbour.channel_id("lobby"))})
    assert harbour.place("stella") == "music"
    harbour.human("stella", roles=[])
    await harbour.edit("stella", {"channel_id": str(harbour.channel_id("lobby"))})
    assert len(harbour.edits()) == 2
