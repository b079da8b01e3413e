import pytest

from tests.unit.sandbox.tools import GUILD_ID, Caller, Witness
from voxguard.sandbox.world import bot_presence
from voxguard.sandbox.world.state import Guild
from voxguard.sandbox.world.world import RefusedError, World


def test_a_guild_without_the_bot_goes_on_unseen(
    world: World, guild: Guild, witness: Witness
) -> None:
    """It is found by name and nothing of it is sent, until the bot is invited."""
    bot_presence.kick_bot(world, guild)
    assert world.only_guild() is world.guild("harbour") is guild
    world.emit("GUILD_UPDATE", guild, {})
    bot_presence.invite_bot(world, guild)
    assert witness.names() == ["GUILD_DELETE", "GUILD_CREATE"]
    assert witness.last("GUILD_DELETE") == {"id": str(GUILD_ID)}


def test_the_bot_cannot_leave_or_come_twice(world: World, guild: Guild) -> None:
    """What cannot be done is refused."""
    with pytest.raises(RefusedError, match="already"):
        bot_presence.invite_bot(world, guild)
    bot_presence.kick_bot(world, guild)
    with pytest.raises(RefusedError, match="not in"):
        bot_presence.kick_bot(world, guild)


async def test_rest_knows_no_guild_that_the_bot_has_left(caller: Caller) -> None:
    """The guild is unknown and not among the bot's own."""
    await caller.control("kick_bot")
    assert (await caller.call("GET", f"/guilds/{GUILD_ID}")).code == 10004
    assert (await caller.call("GET", "/users/@me/guilds")).payload == []
    await caller.control("invite_bot")
    assert (await caller.call("GET", f"/guilds/{GUILD_ID}")).status == 200
