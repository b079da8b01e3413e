"""Single calls and events that go wrong between the real daemon and Discord."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.end_to_end.conftest import Start
from tests.end_to_end.harbour import GUILD, WORLD, Harbour, Tables, write_policies
from voxguard.model.permissions import Permission
from voxguard.sandbox.gateway.mishaps import Mishap
from voxguard.sandbox.journal import SeenRequest
from voxguard.sandbox.route_faults import RouteTrouble
from voxguard.sandbox.sandbox import Sandbox

RULES = """\
version: 1
rules:
  quiet: {where: lobby, then: {mute: true}}
  closed: {where: hall, then: {move: music}}
  greeting: {where: stage, then: {warn: "Welcome."}}
  rest: {who: {members: ["80351110224678903"]}, where: music, then: {timeout: 10m}}
"""
HEARTBEAT_SECONDS = 1.0
PAUSE_SECONDS = 1.5
VOICE = "VOICE_STATE_UPDATE"


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """Discord with a quick pulse, so that a connection without one is soon found out."""
    async with Sandbox(WORLD, heartbeat_seconds=HEARTBEAT_SECONDS) as sandbox:
        yield sandbox


@pytest.fixture
def policies(policies: Path) -> Path:
    """A rule for each way in which an effect may be doubled."""
    return write_policies(policies, {"rules.yaml": RULES})


def statuses(seen: list[SeenRequest]) -> list[int]:
    """How calls were answered."""
    return [each.status for each in seen]


async def test_429_of_a_scope_that_nobody_can_foresee(
    start: Start, harbour: Harbour, tables: Tables
) -> None:
    """A shared 429 holds its route back for as long as it says, a global one everything."""
    daemon = await (await start()).with_database()
    sandbox = harbour.sandbox
    sandbox.add_route_fault(
        RouteTrouble.SHARED_LIMIT, route="member_edit", seconds=PAUSE_SECONDS, times=1
    )
    harbour.join("alice")
    await harbour.see(lambda: harbour.member("alice").guild_mute)
    limited, done = harbour.edits("alice")
    assert statuses([limited, done]) == [429, 200]
    assert done.monotonic - limited.answered_monotonic >= PAUSE_SECONDS

    sandbox.add_route_fault(RouteTrouble.GLOBAL_LIMIT, seconds=PAUSE_SECONDS, times=1)
    harbour.join("bob")
    await harbour.see(lambda: statuses(harbour.edits("bob")) == [429])
    first = len(sandbox.requests)
    harbour.join("carol", "stage")
    harbour.join("dave")
    await harbour.see(lambda: harbour.member("dave").guild_mute and harbour.letters("carol"))
    await harbour.see(lambda: harbour.member("bob").guild_mute)
    refused = harbour.edits("bob")[0].answered_monotonic
    for seen in sandbox.requests[first:]:
        assert seen.monotonic - refused >= PAUSE_SECONDS, seen
    assert await daemon.stop() == 0
    assert {row["outcome"] for row in await tables.actions()} == {"applied"}


async def test_a_permission_that_is_missing_until_it_is_granted(
    start: Start, harbour: Harbour, tables: Tables
) -> None:
    """A mute that may not be lifted is lifted once it may be, and the log says what is missing."""
    daemon = await (await start()).with_database()
    sandbox = harbour.sandbox
    harbour.join("alice")
    await harbour.see(lambda: harbour.member("alice").guild_mute)
    await daemon.line("outcome", effect="mute", outcome="applied")
    guild = sandbox.world.only_guild()
    bot = sandbox.world.bot_member(guild)
    (role,) = [guild.roles[each] for each in bot.roles]
    permissions = role.permissions
    sandbox.change_role(GUILD, role.name, permissions=permissions & ~Permission.MUTE_MEMBERS)
    harbour.join("alice", "music")
    line = await daemon.line("missing permission", code=50013)
    assert "MUTE_MEMBERS" in line["missing"]
    await daemon.line("outcome", effect="unmute", outcome="deferred")
    assert harbour.member("alice").guild_mute
    sandbox.change_role(GUILD, role.name, permissions=permissions)
    await harbour.see(lambda: not harbour.member("alice").guild_mute)
    await daemon.line("outcome", effect="unmute", outcome="applied")
    assert await daemon.stop() == 0
    rows = await tables.actions()
    assert [(row["effect"], row["outcome"]) for row in rows] == [
        ("mute", "applied"),
        ("unmute", "applied"),
    ]


async def test_answers_that_are_lost_after_the_effect(
    start: Start, harbour: Harbour, tables: Tables
) -> None:
    """What is done once is not done again because nobody said that it was done."""
    daemon = await (await start()).with_database()
    sandbox = harbour.sandbox
    for route in ("member_edit", "message"):
        sandbox.add_route_fault(RouteTrouble.LOST_ANSWER, route=route, times=1)
    harbour.join("alice", "hall")
    await daemon.line("outcome", rule="closed")
    # Where they go next is their own affair.
    sandbox.create_channel(GUILD, "attic")
    harbour.join("alice", "attic")
    harbour.join("bob", "stage")
    await daemon.line("outcome", rule="greeting")
    assert harbour.place("alice") == "attic"
    assert harbour.letters("bob") == ["Welcome."]

    sandbox.add_route_fault(RouteTrouble.LOST_ANSWER, route="member_edit", times=1)
    harbour.join("carol", "music")
    await daemon.line("outcome", rule="rest")
    ends = {edit.body["communication_disabled_until"] for edit in harbour.edits("carol")}
    assert len(ends) == 1
    assert await daemon.stop() == 0
    assert len([edit for edit in harbour.edits("alice") if edit.status == 200]) == 1
    rows = await tables.actions()
    assert sorted(row["rule"] for row in rows) == ["closed", "greeting", "rest"]
    assert {row["outcome"] for row in rows} == {"applied"}


async def test_a_connection_without_a_pulse(start: Start, harbour: Harbour) -> None:
    """It is found out and left, and whoever joined meanwhile is decided when it is back."""
    daemon = await (await start()).ready()
    sandbox = harbour.sandbox
    sandbox.set_zombie(zombie=True)
    await sandbox.wait_for(lambda: not sandbox.hub.is_ready, 30)
    sandbox.set_zombie(zombie=False)
    harbour.join("alice")
    await harbour.see(lambda: harbour.member("alice").guild_mute)
    await daemon.ready()
    assert await daemon.stop() == 0
    assert len(harbour.edits()) == 1


async def test_events_that_come_twice_and_in_another_order(
    start: Start, harbour: Harbour, tables: Tables
) -> None:
    """One visit and one effect for one entry, however often and with whom it is reported."""
    daemon = await (await start()).with_database()
    sandbox = harbour.sandbox
    sandbox.add_event_fault(Mishap.TWICE, event=VOICE)
    harbour.join("alice")
    harbour.join("bob", "stage")
    await daemon.line("outcome", rule="quiet", outcome="applied")
    await daemon.line("outcome", rule="greeting", outcome="applied")
    sandbox.end_event_faults()
    sandbox.add_event_fault(Mishap.SWAPPED, event=VOICE, times=1)
    harbour.join("dave", "hall")
    harbour.join("trudy", "hall")
    await daemon.all_lines(2, "outcome", rule="closed", outcome="applied")
    harbour.leave("alice")
    assert await daemon.stop() == 0
    assert (harbour.place("dave"), harbour.place("trudy")) == ("music", "music")
    assert harbour.letters("bob") == ["Welcome."]
    assert len(harbour.edits("alice")) == len(harbour.edits("dave")) == 1
    assert len(await tables.visits(harbour.user_id("alice"))) == 1
