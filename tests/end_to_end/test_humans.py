from collections import Counter
from pathlib import Path

import pytest

from tests.end_to_end.conftest import Start
from tests.end_to_end.daemon import Daemon
from tests.end_to_end.harbour import GUILD, GUILD_YAML, Harbour, Tables, write_policies
from voxguard.model.permissions import Permission

RULES = """\
version: 1
rules:
  quiet: {where: lobby, then: {mute: true}}
  djs: {where: music, then: {grant: dj}}
  listeners: {where: stage, when: {state: {self_mute: true}}, then: {suppress: true}}
"""
REASSERT = GUILD_YAML + "  humans: reassert\n"


@pytest.fixture
def policies(policies: Path) -> Path:
    """A rule for each thing that a moderator can undo."""
    return write_policies(policies, {"rules.yaml": RULES})


def requests(harbour: Harbour, name: str) -> int:
    """How many changes of a member were asked for so far."""
    end = f"/{harbour.user_id(name)}"
    return sum(
        end in seen.path and seen.method in {"PATCH", "PUT", "DELETE"}
        for seen in harbour.sandbox.requests
    )


async def passes(daemon: Daemon, harbour: Harbour) -> None:
    """Something comes of a later event, so that nothing more will come of earlier ones."""
    before = len(daemon.said("outcome"))
    harbour.join("trudy", "lobby")
    await daemon.all_lines(before + 1, "outcome")
    harbour.leave("trudy")
    await daemon.all_lines(before + 2, "outcome")


async def test_whoever_is_unmuted_by_hand_stays_so_until_the_rule_begins_anew(
    start: Start, harbour: Harbour, tables: Tables
) -> None:
    """The log says whose hand it was, and the next visit is muted again, over a restart too."""
    daemon = await (await start()).ready()
    harbour.join("alice")
    await harbour.see(lambda: harbour.member("alice").guild_mute)
    await daemon.line("outcome", effect="mute", outcome="applied")
    harbour.human("alice", mute=False, by="dave")
    await daemon.line("outcome", effect="unmute", outcome="yielded")
    harbour.sandbox.set_flags(GUILD, "alice", self_mute=True)
    await passes(daemon, harbour)
    assert (harbour.member("alice").guild_mute, requests(harbour, "alice")) == (False, 1)
    await daemon.kill()
    daemon = await (await start()).ready()
    harbour.sandbox.set_flags(GUILD, "alice", self_mute=False)
    await passes(daemon, harbour)
    assert (harbour.member("alice").guild_mute, requests(harbour, "alice")) == (False, 1)
    harbour.join("alice", "hall")
    harbour.join("alice", "lobby")
    await harbour.see(lambda: harbour.member("alice").guild_mute)
    await daemon.line(
        "outcome", effect="mute", outcome="applied", member=str(harbour.user_id("alice"))
    )
    assert await daemon.stop() == 0
    rows = await tables.actions(harbour.user_id("alice"))
    assert [(row["effect"], row["outcome"]) for row in rows] == [
        ("mute", "applied"),
        ("unmute", "yielded"),
        ("mute", "applied"),
    ]


async def test_what_a_moderator_set_stays_when_the_rule_is_over(
    start: Start, harbour: Harbour
) -> None:
    """Unmuted and muted by hand under our lease, or muted before us: it is theirs."""
    daemon = await (await start()).ready()
    harbour.join("alice")
    await harbour.see(lambda: harbour.member("alice").guild_mute)
    harbour.human("alice", mute=False)
    harbour.human("alice", mute=True)
    harbour.join("alice", "hall")
    harbour.join("bob")
    await harbour.see(lambda: harbour.member("bob").guild_mute)
    harbour.join("bob", "hall")
    await harbour.see(lambda: not harbour.member("bob").guild_mute)
    await passes(daemon, harbour)
    assert harbour.member("alice").guild_mute
    assert requests(harbour, "alice") == 1


async def test_reasserted_it_is_set_again(
    start: Start, harbour: Harbour, policies: Path, tables: Tables
) -> None:
    """As often as people undo it, and lifted by us in the end."""
    write_policies(policies, {"guild.yaml": REASSERT})
    daemon = await (await start()).ready()
    harbour.join("alice")
    for number in (1, 2, 3):
        await daemon.all_lines(number, "outcome", effect="mute", outcome="applied")
        assert harbour.member("alice").guild_mute
        if number < 3:
            harbour.human("alice", mute=False)
    harbour.join("alice", "hall")
    await harbour.see(lambda: not harbour.member("alice").guild_mute)
    await daemon.line("outcome", effect="unmute", outcome="applied")
    assert await daemon.stop() == 0
    rows = await tables.actions(harbour.user_id("alice"))
    assert [row["effect"] for row in rows] == ["mute", "mute", "mute", "unmute"]
    assert len({row["episode"] for row in rows}) == 1


async def test_an_invitation_and_a_role_taken_away_win_too(start: Start, harbour: Harbour) -> None:
    """Whoever is invited to speak speaks, and whose role was taken does not get it back."""
    daemon = await (await start()).ready()
    harbour.human("bob", roles=[])
    harbour.join("bob", "stage")
    harbour.human("bob", suppress=False)
    harbour.sandbox.set_flags(GUILD, "bob", self_mute=True)
    await daemon.line("outcome", effect="suppress", outcome="applied")
    harbour.human("bob", suppress=False)
    await daemon.line("outcome", effect="unsuppress", outcome="yielded")
    harbour.join("alice", "music")
    await daemon.line("outcome", effect="grant", outcome="applied")
    harbour.human("alice", roles=[])
    await daemon.line("outcome", effect="revoke", outcome="yielded")
    harbour.human("alice", roles=["dj"])
    harbour.join("alice", "hall")
    await passes(daemon, harbour)
    voice = harbour.member("bob").voice
    assert voice is not None
    assert not voice.suppressed
    assert "dj" in harbour.roles("alice")
    effects = Counter(line["effect"] for line in daemon.said("outcome"))
    assert (effects["suppress"], effects["grant"]) == (1, 1)


async def test_the_audit_log_says_who_it_was(start: Start, harbour: Harbour) -> None:
    """Where the bot may read it, the log names the moderator; our own entries are nobody's hand."""
    role = harbour.sandbox.world.role(harbour.sandbox.world.guild(GUILD), "voxguard")
    permissions = role.permissions | Permission.VIEW_AUDIT_LOG
    harbour.sandbox.change_role(GUILD, "voxguard", permissions=permissions)
    daemon = await (await start()).ready()
    harbour.join("alice")
    await daemon.line("outcome", effect="mute", outcome="applied")
    harbour.human("alice", mute=False, by="dave")
    line = await daemon.line("done by somebody's hand")
    assert (line["by"], line["member"]) == (
        str(harbour.user_id("dave")),
        str(harbour.user_id("alice")),
    )
    await passes(daemon, harbour)
    assert len(daemon.said("done by somebody's hand")) == 1
