import asyncio
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asyncpg import Record

from tests.end_to_end.conftest import Start
from tests.end_to_end.daemon import Daemon, eventually
from tests.end_to_end.harbour import GUILD, PROMISE_FACTOR, Harbour, Tables, write_policies

HOLDS = {"hall": 3, "lobby": 8}
"""Seconds: one is over before the kill, and the other reaches beyond it on a slow machine too."""

ERIN_ID = 93000000000000001
ALLOWANCE_SECONDS = 6
RULES = f"""\
version: 1
rules:
  cameras-are-costly:
    where: hall
    when: {{state: {{camera: true}}}}
    then: {{mute: true, hold: {HOLDS["hall"]}s}}
  cameras-cost-more:
    where: lobby
    when: {{state: {{camera: true}}}}
    then: {{mute: true, hold: {HOLDS["lobby"]}s}}
  erin-plays:
    who: {{members: ["{ERIN_ID}"]}}
    then: {{grant: dj}}
  first-a-word:
    where: music
    escalate:
      forget_after: 7d
      steps:
        - {{warn: "First."}}
        - {{mute: true}}
  a-word-an-hour:
    where: music
    cooldown: 1h
    then: {{announce: {{channel: mod-log, text: "{{member}}"}}}}
  short-days:
    where: stage
    when: {{time_used: {{min: {ALLOWANCE_SECONDS}s, per: 24h}}}}
    then: {{move: lobby}}
"""


@pytest.fixture
def policies(policies: Path) -> Path:
    """Rules that look back."""
    return write_policies(policies, {"rules.yaml": RULES})


async def flash(daemon: Daemon, harbour: Harbour, name: str, channel: str) -> None:
    """A member shows themselves for a moment and is muted for a while."""
    harbour.join(name, channel)
    harbour.sandbox.set_flags(GUILD, name, camera=True)
    member = str(harbour.user_id(name))
    await daemon.line("outcome", effect="mute", outcome="applied", member=member)
    harbour.sandbox.set_flags(GUILD, name, camera=False)


async def test_what_was_before_counts_after_a_kill(
    start: Start, harbour: Harbour, tables: Tables
) -> None:
    """Holds, roles, steps, cooldowns and used time go on over kill -9 as if nothing had been."""
    harbour.sandbox.add_member(GUILD, "erin", user_id=ERIN_ID)
    daemon = await (await start()).ready()
    await before_the_kill(daemon, harbour)
    # What a log says may not yet be on disk; what a table says is.
    mutes = 4
    await tables.where(lambda rows: sum(map(is_applied_mute, rows)) == mutes)
    await daemon.kill()
    harbour.leave("erin")
    daemon = await (await start()).ready()
    again_at = datetime.now(UTC)
    await after_the_kill(daemon, harbour)
    carol = harbour.user_id("carol")
    await eventually(lambda: visits_of(tables, carol, 3), "that carol has been moved")
    assert await daemon.stop() == 0
    assert harbour.letters("dave") == ["First."]
    assert harbour.posts("mod-log") == ["dave"]
    check_holds(harbour, await tables.actions())
    check_allowance(await tables.visits(carol), again_at)


async def before_the_kill(daemon: Daemon, harbour: Harbour) -> None:
    """Everything begins; of two members the hold ends while the daemon looks on."""
    entered = time.monotonic()
    harbour.join("carol", "stage")
    harbour.join("dave", "music")
    harbour.join("erin", "lobby")
    await daemon.all_lines(3, "outcome", outcome="applied")
    assert harbour.roles("erin") == {"dj"}
    harbour.leave("dave")
    await flash(daemon, harbour, "alice", "hall")
    await flash(daemon, harbour, "bob", "hall")
    harbour.leave("bob")
    # Nothing but time makes used time, and this is to be most of what is allowed.
    await asyncio.sleep(max(0.0, entered + ALLOWANCE_SECONDS - 2 - time.monotonic()))
    harbour.leave("carol")
    alice, bob = (str(harbour.user_id(name)) for name in ("alice", "bob"))
    await daemon.line("outcome", effect="unmute", member=alice, outcome="applied")
    await daemon.line("outcome", effect="unmute", member=bob, outcome="pending")
    assert not harbour.member("alice").guild_mute
    assert harbour.member("bob").guild_mute
    await flash(daemon, harbour, "trudy", "lobby")
    await flash(daemon, harbour, "mallory", "lobby")
    harbour.leave("mallory")


async def after_the_kill(daemon: Daemon, harbour: Harbour) -> None:
    """Everything goes on; whoever was away is released when they join."""
    harbour.join("carol", "stage")
    harbour.join("dave", "music")
    await daemon.line("outcome", rule="first-a-word", effect="mute", outcome="applied")
    await daemon.line("outcome", effect="revoke", outcome="applied")
    assert harbour.roles("erin") == set()
    mallory = str(harbour.user_id("mallory"))
    await daemon.line("outcome", effect="unmute", member=mallory, outcome="pending")
    for name in ("bob", "mallory"):
        assert harbour.member(name).guild_mute
        harbour.join(name, "hall")
    await daemon.all_lines(3, "outcome", effect="unmute", outcome="applied")
    for name in ("alice", "bob", "trudy", "mallory"):
        assert not harbour.member(name).guild_mute


def is_applied_mute(row: Record) -> bool:
    """Whether a row says that somebody has been muted."""
    return (row["effect"], row["outcome"]) == ("mute", "applied")


async def visits_of(tables: Tables, user_id: int, count: int) -> bool:
    """Whether so many visits of a member are known."""
    return len(await tables.visits(user_id)) == count


def check_holds(harbour: Harbour, rows: list[Record]) -> None:
    """Each mute was lifted once, when its time was over, wherever the member was."""
    channels = {"alice": "hall", "bob": "hall", "trudy": "lobby", "mallory": "lobby"}
    for name, channel in channels.items():
        own = [row for row in rows if row["user_id"] == harbour.user_id(name)]
        assert [(row["effect"], row["outcome"]) for row in own] == [
            ("mute", "applied"),
            ("unmute", "applied"),
        ]
        mute, unmute = own
        assert unmute["decided_at"] - mute["decided_at"] >= timedelta(seconds=HOLDS[channel])
        assert (unmute["channel_id"] is None) == (name in {"bob", "mallory"})
    assert {row["outcome"] for row in rows} == {"applied"}


def check_allowance(visits: list[Record], again_at: datetime) -> None:
    """What was used before the kill was taken off what is left."""
    first, second, _ = visits
    assert first["left_at"] <= again_at
    used = [each["left_at"] - each["joined_at"] for each in (first, second)]
    print(f"used {used[0]} and {used[1]}")
    over = sum(used, timedelta()) - timedelta(seconds=ALLOWANCE_SECONDS)
    assert timedelta(0) <= over < timedelta(seconds=0.1 * PROMISE_FACTOR)
    assert (first["end_reason"], second["end_reason"]) == ("left", "voxguard")
