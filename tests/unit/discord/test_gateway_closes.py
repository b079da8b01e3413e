import asyncio

import pytest

from tests.unit.discord.tools import Listener, running
from voxguard.discord import gateway as gateway_module
from voxguard.discord.app import App, open_app
from voxguard.discord.gateway import HikariGateway
from voxguard.discord.intents import WITHOUT_MEMBERS
from voxguard.errors import UnreachableError
from voxguard.sandbox.sandbox import Sandbox

pytestmark = pytest.mark.usefixtures("no_long_pauses")


@pytest.mark.parametrize("code", [4001, 4003, 4005, 4012, 4999])
async def test_a_shard_that_ended_is_started_again(
    app: App, listener: Listener, sandbox: Sandbox, code: int
) -> None:
    """Close codes that end hikari's shard only make it begin anew, and the status says why."""
    async with running(app, listener) as gateway:
        await listener.wait_for(lambda: listener.count("GUILD_CREATE"))
        sandbox.close_gateway(code)
        await listener.wait_for(lambda: listener.count("READY") == 2)
        assert gateway.status.is_connected
        assert any(str(code) in (status.last_error or "") for status in listener.statuses)


@pytest.mark.parametrize("code", [4010, 4011])
async def test_another_number_of_shards_is_asked_for(
    app: App, listener: Listener, sandbox: Sandbox, code: int
) -> None:
    """When Discord wants other shards it is asked again how many."""
    async with running(app, listener):
        await listener.wait_for(lambda: listener.count("GUILD_CREATE"))
        sandbox.close_gateway(code)
        await listener.wait_for(lambda: listener.count("READY") == 2)
    assert sum(request.path == "/gateway/bot" for request in sandbox.requests) == 2


async def test_without_the_privileged_intent_it_goes_on(
    app: App, listener: Listener, sandbox: Sandbox
) -> None:
    """A 4014 costs the members intent, and a warning says what that means."""
    sandbox.world.bot.privileged_intents = frozenset()
    async with running(app, listener) as gateway:
        await listener.wait_for(lambda: listener.count("GUILD_CREATE"))
        assert gateway.status.warnings == (WITHOUT_MEMBERS,)
        assert gateway.status.is_connected


async def test_intents_that_cannot_be_left_out(
    app: App, listener: Listener, sandbox: Sandbox
) -> None:
    """A 4014 without privileged intents ends with a clear error."""
    gateway = HikariGateway(app, listener.on_dispatch, listener.on_status)
    task = asyncio.create_task(gateway.run())
    for count in (1, 2):
        await listener.wait_for_ready(count)
        sandbox.close_gateway(4014)
    with pytest.raises(UnreachableError, match="4014"):
        await task


async def test_a_token_that_was_reset(app: App, listener: Listener, sandbox: Sandbox) -> None:
    """A 4004 ends with exit code 7 and one line that says so."""
    gateway = HikariGateway(app, listener.on_dispatch, listener.on_status)
    task = asyncio.create_task(gateway.run())
    await listener.wait_for(lambda: listener.count("READY"))
    sandbox.close_gateway(4004)
    with pytest.raises(UnreachableError, match="token") as caught:
        await task
    assert caught.value.exit_code == 7
    assert sandbox.token not in str(caught.value)


async def test_a_wrong_token(sandbox: Sandbox, listener: Listener) -> None:
    """A 401 before there is any shard ends in the same way."""
    async with open_app("wrong", sandbox.api_url) as app:
        gateway = HikariGateway(app, listener.on_dispatch, listener.on_status)
        with pytest.raises(UnreachableError, match="token"):
            await gateway.run()


async def test_a_shard_that_stood_long_is_not_held_back(
    app: App, listener: Listener, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a steady while the pauses begin with the shortest again."""
    monkeypatch.setattr(gateway_module, "STEADY_SECONDS", 0.0)
    async with running(app, listener):
        for count in (1, 2, 3):
            await listener.wait_for_ready(count)
            sandbox.close_gateway(4001)
        await listener.wait_for(lambda: listener.count("READY") == 4)
