from tests.unit.sandbox.tools import GUILD_ID, Caller

PING = {"name": "ping", "description": "Is it there?", "type": 1}


async def test_commands_are_empty_at_first_and_then_what_was_put(caller: Caller) -> None:
    """The global store and a guild's are apart, and each keeps what was put last."""
    base = f"/applications/{caller.sandbox.world.bot.user.id}"
    of_guild = f"{base}/guilds/{GUILD_ID}/commands"
    assert (await caller.call("GET", f"{base}/commands")).payload == []
    put = (await caller.call("PUT", f"{base}/commands", [PING])).payload
    assert put[0]["name"] == "ping"
    assert (await caller.call("GET", f"{base}/commands")).payload == put
    assert (await caller.call("GET", of_guild)).payload == []
    stored = (await caller.call("PUT", of_guild, [PING])).payload[0]
    assert stored["guild_id"] == str(GUILD_ID)
    assert (await caller.call("PUT", of_guild, [])).payload == []


async def test_a_command_keeps_its_id_when_it_is_put_again(caller: Caller) -> None:
    """The id stays, the version changes."""
    path = f"/applications/{caller.sandbox.world.bot.user.id}/commands"
    first = (await caller.call("PUT", path, [PING])).payload[0]
    second = (await caller.call("PUT", path, [PING])).payload[0]
    assert first["id"] == second["id"]
    assert first["version"] != second["version"]


async def test_malformed_commands_are_refused(caller: Caller) -> None:
    """No list, a command without a name, and another application are errors."""
    path = f"/applications/{caller.sandbox.world.bot.user.id}/commands"
    assert (await caller.call("PUT", path, PING)).code == 50109
    assert (await caller.call("PUT", path, [{"type": 1}])).code == 50035
    assert (await caller.call("PUT", path, ["ping"])).code == 50035
    assert (await caller.call("GET", "/applications/5/commands")).code == 50001
