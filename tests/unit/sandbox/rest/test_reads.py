import pytest

from tests.unit.sandbox.tools import ALICE_ID, GUILD_ID, Caller


async def test_the_gateway_is_where_the_caller_is(caller: Caller) -> None:
    """The gateway's address is on the host and port that the caller used; no token is needed."""
    reply = await caller.call("GET", "/gateway", token="wrong")
    assert reply.payload["url"] == caller.sandbox.base_url.replace("http", "ws") + "/gateway"


async def test_session_starts_are_reported(caller: Caller) -> None:
    """gateway/bot says how many sessions may be started."""
    limit = (await caller.call("GET", "/gateway/bot")).payload["session_start_limit"]
    assert limit == {
        "total": 1000,
        "remaining": 1000,
        "reset_after": 86_400_000,
        "max_concurrency": 1,
    }


async def test_the_bot_knows_itself(caller: Caller) -> None:
    """User, application and guilds of the bot agree on its id."""
    bot_id = str(caller.sandbox.world.bot.user.id)
    assert (await caller.call("GET", "/users/@me")).payload["id"] == bot_id
    application = (await caller.call("GET", "/oauth2/applications/@me")).payload
    assert application["id"] == bot_id
    assert application["flags"] == 1 << 15
    assert (await caller.call("GET", "/applications/@me")).payload == application
    guilds = (await caller.call("GET", "/users/@me/guilds")).payload
    assert [guild["id"] for guild in guilds] == [str(GUILD_ID)]
    assert (await caller.call("GET", f"/users/@me/guilds?after={GUILD_ID}")).payload == []
    assert (await caller.call("GET", "/users/@me/guilds?limit=0")).code == 50035


async def test_users_are_found(caller: Caller) -> None:
    """An account is shown, an unknown one is 10013."""
    assert (await caller.call("GET", f"/users/{ALICE_ID}")).payload["username"] == "alice"
    assert (await caller.call("GET", "/users/5")).code == 10013


@pytest.mark.parametrize(("query", "has_counts"), [("", False), ("?with_counts=true", True)])
async def test_a_guild_is_shown_with_its_counts_on_demand(
    caller: Caller, query: str, has_counts: bool
) -> None:
    """Counts come only when they are asked for."""
    payload = (await caller.call("GET", f"/guilds/{GUILD_ID}{query}")).payload
    assert payload["afk_channel_id"] == "110373943822540802"
    assert ("approximate_member_count" in payload) is has_counts


async def test_channels_and_roles_are_listed(caller: Caller) -> None:
    """All channels and roles of the guild are there."""
    channels = (await caller.call("GET", f"/guilds/{GUILD_ID}/channels")).payload
    assert {channel["name"]: channel["type"] for channel in channels} == {
        "Voice": 4,
        "lobby": 2,
        "music": 2,
        "afk": 2,
        "vip": 2,
        "stage": 13,
        "mod-log": 0,
    }
    roles = (await caller.call("GET", f"/guilds/{GUILD_ID}/roles")).payload
    positions = {role["name"]: role["position"] for role in roles}
    ranks = {"@everyone": 0, "on-air": 1, "member": 2, "dj": 3, "staff": 4, "voxguard": 5}
    assert positions == ranks
