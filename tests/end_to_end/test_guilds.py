from pathlib import Path

import pytest

from tests.end_to_end.conftest import Start
from tests.end_to_end.harbour import Harbour, Tables, write_policies
from voxguard.sandbox.world.payloads import guild_create_json

QUIET = """\
version: 1
rules: {quiet: {where: lobby, then: {mute: true}}}
"""


@pytest.fixture
def policies(policies: Path) -> Path:
    """Silence in the lobby."""
    return write_policies(policies, {"quiet.yaml": QUIET})


async def test_a_bot_that_is_thrown_out_and_invited_again(
    start: Start, harbour: Harbour, tables: Tables
) -> None:
    """Nothing is waited for meanwhile; afterwards the mute is lifted and the rule goes on.

    A cut line in between, which is resumed, changes nothing of that.
    """
    sandbox = harbour.sandbox
    daemon = await (await start()).with_database()
    harbour.join("alice")
    await harbour.edit("alice", {"mute": True})
    guild = sandbox.world.only_guild()
    sandbox.world.emit("GUILD_DELETE", guild, {"id": str(guild.id)})
    del sandbox.world.guilds[guild.id]
    await daemon.line("the bot is not in this guild", level="warning")
    await daemon.ready()
    sandbox.world.guilds[guild.id] = guild
    harbour.leave("alice")
    harbour.join("alice", "music")
    harbour.join("bob")
    sandbox.world.emit("GUILD_CREATE", guild, guild_create_json(sandbox.world, guild))
    await daemon.line("the bot is in this guild now")
    await harbour.edit("alice", {"mute": False})
    await harbour.edit("bob", {"mute": True})
    sandbox.drop_gateway()
    await sandbox.wait_for(lambda: not sandbox.hub.is_ready)
    await sandbox.wait_for(lambda: sandbox.hub.is_ready, 30)
    harbour.join("carol")
    await harbour.edit("carol", {"mute": True})
    await daemon.ready()
    assert len(harbour.edits()) == 4
    assert await daemon.stop() == 0
    visits = await tables.visits(harbour.user_id("alice"))
    assert visits[0]["end_reason"] == "lost"


async def test_a_damaged_frame(start: Start, harbour: Harbour) -> None:
    """The daemon goes on with the session that it had, and misses nobody."""
    sandbox = harbour.sandbox
    daemon = await (await start()).ready()
    await next(iter(sandbox.hub.connections))._ws.send_bytes(b"\x00damaged")
    harbour.join("alice")
    await harbour.edit("alice", {"mute": True})
    assert not [line for line in daemon.lines if "exception" in line]
    assert daemon.words == []
    assert await daemon.stop() == 0
