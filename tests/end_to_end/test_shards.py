"""A bot of two shards: each guild is shown by one of them, and they fail by themselves."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.end_to_end.conftest import Start
from tests.end_to_end.harbour import GUILD_YAML, WORLD, Harbour, Tables, write_policies
from voxguard.sandbox.sandbox import Sandbox

# The next guild by the millisecond of its making, which the other of two shards shows.
YARD = 110373943822540800 + (1 << 22)
YARD_WORLD = f"""\
  yard:
    id: "{YARD}"
    owner: olga
    roles: {{}}
    channels: {{den: {{id: "{YARD + 1}"}}, shed: {{id: "{YARD + 2}"}}}}
    members: {{trudy: {{id: "80351110224678913"}}, olga: {{id: "80351110224678900"}}}}
"""
YARD_YAML = f"""\
version: 1
guild: {{id: "{YARD}", channels: {{den: "{YARD + 1}"}}}}
rules: {{quiet: {{where: den, then: {{mute: true}}}}}}
"""
QUIET = """\
version: 1
rules: {quiet: {where: lobby, then: {mute: true}}}
"""


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[Sandbox]:
    """Discord with two guilds, which recommends two shards."""
    world = tmp_path / "world.yaml"
    world.write_text(WORLD.read_text("utf-8") + YARD_WORLD, "utf-8")
    async with Sandbox(world) as sandbox:
        sandbox.set_session_starts(shards=2)
        yield sandbox


@pytest.fixture
def policies(tmp_path: Path) -> Path:
    """Silence in both."""
    return write_policies(
        tmp_path / "policies",
        {
            "harbour/guild.yaml": GUILD_YAML,
            "harbour/rules.yaml": QUIET,
            "yard/guild.yaml": YARD_YAML,
        },
    )


async def test_each_shard_fails_by_itself(start: Start, harbour: Harbour, tables: Tables) -> None:
    """While one is away the other's guild is moderated; what was missed is caught up with."""
    sandbox = harbour.sandbox
    trudy = sandbox.world.member(sandbox.world.guild("yard"), "trudy")
    daemon = await (await start()).with_database()
    for shard in (0, 1):
        await daemon.line("connected to the gateway", shard=shard)
    harbour.join("alice")
    sandbox.join("yard", "trudy", "den")
    await harbour.see(lambda: harbour.member("alice").guild_mute and trudy.guild_mute)

    seen = len(daemon.lines)
    sandbox.withhold_guild("harbour", withheld=True)
    (first,) = [
        each
        for each in sandbox.hub.connections
        if each.session is not None and each.session.shard_id == 0
    ]
    # A session that Discord has forgotten cannot be resumed: a new one is begun.
    assert first.session is not None
    del sandbox.hub.sessions[first.session.id]
    first.abort()
    await daemon.line("disconnected from the gateway", after=seen, shard=0)
    harbour.leave("alice")
    harbour.join("bob")
    sandbox.leave("yard", "trudy")
    sandbox.join("yard", "trudy", "shed")
    await harbour.see(lambda: not trudy.guild_mute)
    assert not harbour.member("bob").guild_mute
    await daemon.line("connected to the gateway", after=seen, shard=0)
    sandbox.withhold_guild("harbour", withheld=False)
    await harbour.see(lambda: harbour.member("bob").guild_mute)
    harbour.join("alice", "music")
    await harbour.see(lambda: not harbour.member("alice").guild_mute)
    assert daemon.said("disconnected from the gateway", shard=1) == []
    assert await daemon.stop() == 0
    assert {row["outcome"] for row in await tables.actions()} == {"applied"}
    assert len(await tables.actions()) == 5
