from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.end_to_end.conftest import Start
from tests.end_to_end.daemon import Daemon
from tests.end_to_end.harbour import GUILD, PROMISE_FACTOR, Harbour, Tables, write_policies

RULES = """\
version: 1
rules:
  guest-djs:
    who: {members: ["80351110224678901", "80351110224678902"]}
    where: [lobby, stage]
    then: {grant: dj}
  djs-listen: {who: {roles: dj}, where: lobby, then: {deafen: true}}
  quiet-speakers: {where: stage, when: {state: {self_mute: true}}, then: {suppress: true}}
  hall-is-closed: {where: hall, then: {timeout: 10m}}
  heard-once: {who: {members: ["80351110224678904"]}, then: {mute: false}}
  greeting:
    description: Music *only*.
    where: music
    then:
      warn: "{member}, {channel} is for music. {nobody} @everyone"
      announce: {channel: mod-log, text: "{member} is in {channel} ({rule}: {reason}) @here"}
"""
EVERYONE_ID = 93000000000000000


@pytest.fixture
def policies(policies: Path) -> Path:
    """A rule for each effect, most of them in a channel of their own."""
    return write_policies(policies, {"rules.yaml": RULES})


async def test_each_effect_reaches_the_members_it_is_for(
    start: Start, harbour: Harbour, tables: Tables
) -> None:
    """Roles, audiences, timeouts and lifting happen in Discord's world, and end as promised."""
    daemon = await (await start()).ready()
    await roles(daemon, harbour)
    await audiences(daemon, harbour)
    await timeouts(harbour)
    await lifting(daemon, harbour)
    assert await daemon.stop() == 0
    rows = await tables.actions()
    assert {row["outcome"] for row in rows} == {"applied"}
    assert Counter((row["rule"], row["effect"]) for row in rows) == {
        ("guest-djs", "grant"): 1,
        ("guest-djs", "revoke"): 1,
        ("djs-listen", "deafen"): 3,
        ("djs-listen", "undeafen"): 2,
        ("quiet-speakers", "suppress"): 2,
        ("quiet-speakers", "unsuppress"): 1,
        ("hall-is-closed", "timeout"): 1,
        ("heard-once", "unmute"): 1,
    }
    (closed,) = [row for row in rows if row["rule"] == "hall-is-closed"]
    until = datetime.fromisoformat(timeout_bodies(harbour, "carol")[0])
    assert abs((until - closed["decided_at"]).total_seconds() - 600) < 0.01
    (visit,) = await tables.visits(harbour.user_id("carol"))
    assert visit["channel_id"] == harbour.channel_id("hall")
    assert visit["left_at"] - visit["joined_at"] < timedelta(seconds=PROMISE_FACTOR)


async def roles(daemon: Daemon, harbour: Harbour) -> None:
    """A role comes with joining and goes with leaving; one from before stays."""
    harbour.human("bob", roles=["dj"])
    harbour.join("bob")
    harbour.join("alice")
    # The role that one rule gives makes another one hold.
    await harbour.see(lambda: harbour.member("alice").guild_deaf)
    assert "dj" in harbour.roles("alice")
    harbour.join("alice", "stage")
    harbour.join("bob", "stage")
    await daemon.all_lines(2, "outcome", effect="undeafen", outcome="applied")
    assert "dj" in harbour.roles("alice")
    harbour.leave("alice")
    harbour.leave("bob")
    await harbour.see(lambda: "dj" not in harbour.roles("alice"))
    assert "dj" in harbour.roles("bob")


async def audiences(daemon: Daemon, harbour: Harbour) -> None:
    """An invited speaker is audience for as long as a rule wants it, or a moderator does not."""

    def suppressed() -> bool:
        voice = harbour.member("dave").voice
        return voice is not None and voice.suppressed

    harbour.join("dave", "stage")
    harbour.sandbox.set_flags(GUILD, "dave", self_mute=True)
    assert suppressed()
    harbour.human("dave", suppress=False)
    await daemon.line("outcome", effect="suppress", outcome="applied")
    assert suppressed()
    harbour.sandbox.set_flags(GUILD, "dave", self_mute=False)
    await daemon.line("outcome", effect="unsuppress", outcome="applied")
    assert not suppressed()
    harbour.sandbox.set_flags(GUILD, "dave", self_mute=True)
    await daemon.all_lines(2, "outcome", effect="suppress", outcome="applied")
    assert suppressed()
    harbour.leave("dave")


async def timeouts(harbour: Harbour) -> None:
    """Whoever is timed out is out of voice until it is over."""
    harbour.join("carol", "hall")
    await harbour.see(lambda: harbour.place("carol") is None)
    assert harbour.member("carol").is_timed_out(datetime.now(UTC) + timedelta(minutes=9))


def timeout_bodies(harbour: Harbour, name: str) -> list[str]:
    """Until when each timeout of a member was asked for."""
    bodies = [edit.body for edit in harbour.edits(name)]
    return [body["communication_disabled_until"] for body in bodies]


async def lifting(daemon: Daemon, harbour: Harbour) -> None:
    """The first mute of a moderator's is lifted, and the next one stays."""
    harbour.join("dave", "afk")
    harbour.join("dave", "stage")
    harbour.human("dave", mute=True)
    await daemon.line("outcome", effect="unmute", outcome="applied")
    assert not harbour.member("dave").guild_mute
    harbour.human("dave", mute=True)
    # What is done to somebody else later shows that nothing comes of this mute.
    harbour.join("bob")
    await daemon.all_lines(3, "outcome", effect="deafen", outcome="applied")
    assert harbour.member("dave").guild_mute


async def test_messages_arrive_once_and_notify_nobody(
    start: Start, harbour: Harbour, tables: Tables
) -> None:
    """Members are warned and announced; who takes no messages holds nobody up, nor is an error."""
    harbour.sandbox.add_member(GUILD, "@everyone", user_id=EVERYONE_ID)
    harbour.sandbox.set_takes_messages(GUILD, "carol", takes=False)
    daemon = await (await start()).ready()
    names = ("carol", "alice", "@everyone")
    for name in names:
        harbour.join(name, "music")
    outcomes = await daemon.all_lines(6, "outcome")
    assert await daemon.stop() == 0
    assert harbour.letters("alice") == ["alice, music is for music. {nobody} @everyone"]
    assert harbour.letters("@everyone") == ["\\@everyone, music is for music. {nobody} @everyone"]
    assert harbour.letters("carol") == []
    assert sorted(harbour.posts("mod-log")) == [
        f"{name} is in music (greeting: Music \\*only\\*\\.) @here"
        for name in ("\\@everyone", "alice", "carol")
    ]
    for message in harbour.sandbox.messages:
        assert (message["mention_everyone"], message["mentions"]) == (False, [])
    assert len(outcomes) == len(daemon.said("outcome")) == 6
    assert [line for line in daemon.lines if line["level"] not in {"info", "warning"}] == []
    enforcement = [line for line in daemon.lines if line["logger"] == "voxguard.enforcement"]
    assert {line["level"] for line in enforcement} == {"info"}
    rows = await tables.actions()
    (failed,) = [row for row in rows if row["outcome"] != "applied"]
    assert (failed["user_id"], failed["effect"], failed["outcome"]) == (
        harbour.user_id("carol"),
        "warn",
        "failed",
    )
    assert "50007" in failed["error"]
    assert len(rows) == 6
