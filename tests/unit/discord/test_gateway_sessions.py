import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta

import pytest

from tests.unit.discord.tools import GUILD, GUILD_ID, Listener, running
from voxguard.discord import renewals
from voxguard.discord.app import App, open_app
from voxguard.sandbox.sandbox import Sandbox
from voxguard.sandbox.world.payloads import guild_create_json
from voxguard.sandbox.world.state import Guild

pytestmark = pytest.mark.usefixtures("no_long_pauses")


@pytest.fixture
async def impatient() -> AsyncIterator[Sandbox]:
    """A sandbox that wants to hear a heartbeat every 50 ms."""
    async with Sandbox(heartbeat_seconds=0.05) as sandbox:
        yield sandbox


def leave_guild(sandbox: Sandbox) -> Guild:
    """The bot is thrown out of the guild."""
    guild = sandbox.world.guilds[GUILD_ID]
    sandbox.world.emit("GUILD_DELETE", guild, {"id": str(guild.id)})
    return sandbox.world.guilds.pop(GUILD_ID)


def join_guild(sandbox: Sandbox, guild: Guild) -> None:
    """The bot is invited."""
    sandbox.world.guilds[guild.id] = guild
    sandbox.world.emit("GUILD_CREATE", guild, guild_create_json(sandbox.world, guild))


async def test_a_zombie_is_noticed_and_resumed(listener: Listener, impatient: Sandbox) -> None:
    """A connection that answers no heartbeat is given up, and nothing that happened is missed."""
    async with (
        open_app(impatient.token, impatient.api_url) as app,
        running(app, listener) as gateway,
    ):
        await listener.wait_for(lambda: listener.count("GUILD_CREATE"))
        impatient.set_zombie(zombie=True)
        await listener.wait_for(lambda: not gateway.status.is_connected)
        impatient.set_zombie(zombie=False)
        impatient.join(GUILD, "carol", "lobby")
        await listener.wait_for(lambda: listener.count("VOICE_STATE_UPDATE"))
        await listener.wait_for(lambda: gateway.status.is_connected)
        assert (listener.count("READY"), listener.count("GUILD_CREATE")) == (1, 1)


@pytest.mark.parametrize(
    ("trouble", "sessions"),
    [
        (Sandbox.reconnect_gateway, 1),
        (lambda sandbox: sandbox.invalidate_gateway(resumable=True), 1),
        (lambda sandbox: sandbox.invalidate_gateway(resumable=False), 2),
    ],
    ids=["op 7", "op 9, resumable", "op 9"],
)
async def test_it_goes_on_as_discord_says(
    app: App,
    listener: Listener,
    sandbox: Sandbox,
    trouble: Callable[[Sandbox], None],
    sessions: int,
) -> None:
    """Asked to reconnect it resumes, told that the session is over it begins another one."""
    async with running(app, listener) as gateway:
        await listener.wait_for(lambda: listener.count("GUILD_CREATE"))
        trouble(sandbox)
        await listener.wait_for(lambda: not gateway.status.is_connected)
        sandbox.join(GUILD, "carol", "lobby")
        await listener.wait_for(lambda: gateway.status.is_connected)
        await listener.wait_for(lambda: listener.count("GUILD_CREATE") == sessions)
        assert listener.count("READY") == sessions
        assert listener.count("RESUMED") == 2 - sessions
        assert gateway.status.sessions_started == sessions


async def test_a_guild_that_is_joined_is_announced_also_after_a_resume(
    app: App, listener: Listener, sandbox: Sandbox
) -> None:
    """A guild that came after READY does not pass for one that was left; one that is left does."""
    async with running(app, listener) as gateway:
        await listener.wait_for(lambda: listener.count("GUILD_CREATE"))
        guild = leave_guild(sandbox)
        await listener.wait_for(lambda: gateway.status.announced == set())
        join_guild(sandbox, guild)
        await listener.wait_for(lambda: gateway.status.announced == {GUILD_ID})
        sandbox.drop_gateway()
        await listener.wait_for(lambda: listener.count("RESUMED"))
        assert all(status.announced == {GUILD_ID} for status in listener.statuses[-2:])
        sandbox.set_available(GUILD, available=False)
        await listener.wait_for(lambda: listener.count("GUILD_DELETE") == 2)
        assert gateway.status.announced == {GUILD_ID}


async def test_a_guild_that_was_left_unseen(app: App, listener: Listener, sandbox: Sandbox) -> None:
    """A new session that no longer names a guild is news of its end, since the last was heard."""
    async with running(app, listener) as gateway:
        await listener.wait_for(lambda: listener.count("GUILD_CREATE"))
        began = datetime.now(UTC)
        sandbox.drop_gateway(forget_sessions=True)
        del sandbox.world.guilds[GUILD_ID]
        await listener.wait_for(lambda: listener.count("GUILD_DELETE"))
        assert listener.dispatches[-1] == ("GUILD_DELETE", {"id": str(GUILD_ID)})
        watched_at = listener.watched_at["GUILD_DELETE"]
        assert watched_at is not None
        assert watched_at <= began
        await listener.wait_for(lambda: gateway.status.is_connected)
        assert gateway.status.announced == set()


async def test_a_new_session_tells_since_when_something_was_missed(
    listener: Listener, impatient: Sandbox
) -> None:
    """It is the last answer to a heartbeat, and nothing where the session was resumed."""
    async with (
        open_app(impatient.token, impatient.api_url) as app,
        running(app, listener) as gateway,
    ):
        await listener.wait_for(lambda: listener.count("GUILD_CREATE"))
        assert not any(listener.watched_at.values())
        first_heard = datetime.now(UTC)
        shard = gateway._renewals._shards[0]
        enough = first_heard.timestamp() + 0.1
        async with asyncio.timeout(5):
            while shard._last_heartbeat_ack_received < enough:  # noqa: ASYNC110 - no event tells
                await asyncio.sleep(0.001)
        cut_at = datetime.now(UTC)
        impatient.drop_gateway(forget_sessions=True)
        await listener.wait_for(lambda: listener.count("GUILD_CREATE") == 2)
        watched_at = listener.watched_at["GUILD_CREATE"]
        assert watched_at is not None
        assert first_heard + timedelta(seconds=0.1) < watched_at < cut_at


async def test_a_session_is_begun_anew_when_asked_to_but_seldom(
    app: App, listener: Listener, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The guild is shown again by a new session, once in a long while, and while there are many."""
    async with running(app, listener) as gateway:
        assert not gateway.renew(GUILD_ID)
        await listener.wait_for(lambda: listener.count("GUILD_CREATE"))
        assert gateway.renew(GUILD_ID)
        await listener.wait_for(lambda: listener.count("GUILD_CREATE") == 2)
        await listener.wait_for(lambda: gateway.status.is_connected)
        assert not gateway.renew(GUILD_ID)
        monkeypatch.setattr(renewals, "SELDOM_SECONDS", 0.0)
        sandbox.backend.session_starts_left = lambda: 400
        assert gateway.renew(GUILD_ID)
        await listener.wait_for(lambda: listener.count("GUILD_CREATE") == 3)
        gateway._starts.left = 400
        assert not gateway.renew(GUILD_ID)
