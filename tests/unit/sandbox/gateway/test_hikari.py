"""The real hikari against the stand-in, over a real websocket."""

import logging
from collections.abc import AsyncIterator

import hikari
import pytest
from hikari.api.shard import GatewayCompression
from hikari.impl.shard import GatewayShardImpl

from tests.unit.sandbox.tools import ALICE_ID, BOB_ID, GUILD, GUILD_ID, LOBBY_ID
from voxguard.sandbox.sandbox import Sandbox

INTENTS = (
    hikari.Intents.GUILDS
    | hikari.Intents.GUILD_VOICE_STATES
    | hikari.Intents.GUILD_MEMBERS
    | hikari.Intents.GUILD_MODERATION
)


class Bot:
    """A bot of hikari's that keeps the events it was given."""

    def __init__(self, sandbox: Sandbox, *, token: str | None = None) -> None:
        self.sandbox = sandbox
        self.events: list[hikari.Event] = []
        self.app = hikari.GatewayBot(
            token or sandbox.token,
            rest_url=sandbox.api_url,
            intents=INTENTS,
            banner=None,
            logs=None,
        )
        self.app.event_manager.subscribe(hikari.Event, self._keep)

    async def _keep(self, event: hikari.Event) -> None:
        self.events.append(event)
        self.sandbox.journal.touch()

    def seen(self, kind: type[hikari.Event]) -> int:
        """How many events of the kind came."""
        return sum(isinstance(event, kind) for event in self.events)

    async def wait_for(self, kind: type[hikari.Event], count: int = 1) -> None:
        """Return when so many events of the kind have come."""
        await self.sandbox.wait_for(lambda: self.seen(kind) >= count, 20.0)


@pytest.fixture
async def real_sandbox(caplog: pytest.LogCaptureFixture) -> AsyncIterator[Sandbox]:
    """A sandbox on the machine's clock, since hikari reads that one."""
    caplog.set_level(logging.CRITICAL)
    async with Sandbox() as running:
        yield running


@pytest.fixture
async def bot(real_sandbox: Sandbox) -> AsyncIterator[Bot]:
    """A bot that is connected and has got its guild."""
    bot = Bot(real_sandbox)
    await bot.app.start(check_for_updates=False)
    await bot.wait_for(hikari.GuildAvailableEvent)
    yield bot
    await bot.app.close()


@pytest.mark.parametrize(
    "compression",
    [
        None,
        GatewayCompression.TRANSPORT_ZLIB_STREAM,
        GatewayCompression.TRANSPORT_ZSTD_STREAM,
        GatewayCompression.PAYLOAD_ZLIB_STREAM,
    ],
)
async def test_every_compression_of_hikaris_is_spoken(
    real_sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
    compression: GatewayCompression | None,
) -> None:
    """Guilds and voice states arrive whole, however they are compressed."""
    defaults = GatewayShardImpl.__init__.__kwdefaults__
    assert defaults is not None
    monkeypatch.setitem(defaults, "compression", compression)
    bot = Bot(real_sandbox)
    await bot.app.start(check_for_updates=False)
    await bot.wait_for(hikari.GuildAvailableEvent)
    for channel in ("lobby", "music") * 5:
        real_sandbox.join(GUILD, "alice", channel)
    await bot.wait_for(hikari.VoiceStateUpdateEvent, 10)
    await bot.app.close()


async def test_the_guild_arrives_with_all_that_hikari_reads(
    real_sandbox: Sandbox, bot: Bot
) -> None:
    """Channels, roles and members are in hikari's cache after the start."""
    guild = bot.app.cache.get_guild(GUILD_ID)
    assert guild is not None
    assert guild.afk_channel_id == 110373943822540802
    assert len(guild.get_roles()) == 6
    assert {channel.name for channel in guild.get_channels().values()} == {
        "Voice",
        "lobby",
        "music",
        "afk",
        "vip",
        "stage",
        "mod-log",
    }


async def test_an_edit_comes_back_as_a_voice_state(real_sandbox: Sandbox, bot: Bot) -> None:
    """The bot's own mute is answered with the member, echoed, and logged with its reason."""
    real_sandbox.join(GUILD, "alice", "lobby")
    member = await bot.app.rest.edit_member(GUILD_ID, ALICE_ID, mute=True, reason="слышно")
    assert member.is_mute
    await bot.wait_for(hikari.VoiceStateUpdateEvent, 2)
    await bot.wait_for(hikari.AuditLogEntryCreateEvent)
    state = bot.app.cache.get_voice_state(GUILD_ID, ALICE_ID)
    assert state is not None
    assert state.is_guild_muted
    assert real_sandbox.requests[-1].reason == "слышно"


async def test_errors_are_understood(bot: Bot) -> None:
    """Hikari reads Discord's code out of a refusal."""
    with pytest.raises(hikari.BadRequestError) as caught:
        await bot.app.rest.edit_member(GUILD_ID, BOB_ID, mute=True)
    assert caught.value.code == 40032
    with pytest.raises(hikari.NotFoundError) as missing:
        await bot.app.rest.fetch_member(GUILD_ID, 5)
    assert missing.value.code == 10013


async def test_what_doctor_and_reconciliation_read_is_understood(
    real_sandbox: Sandbox, bot: Bot
) -> None:
    """Hikari makes its objects of every read that the stand-in answers."""
    rest = bot.app.rest
    assert int((await rest.fetch_my_user()).id) == real_sandbox.world.bot.user.id
    application = await rest.fetch_application()
    assert application.flags & hikari.ApplicationFlags.GUILD_MEMBERS_INTENT
    assert (await rest.fetch_guild(GUILD_ID)).name == GUILD
    assert len(await rest.fetch_guild_channels(GUILD_ID)) == 7
    assert len(await rest.fetch_roles(GUILD_ID)) == 6
    assert len(await rest.fetch_members(GUILD_ID)) == 7
    assert len(await rest.fetch_my_guilds()) == 1
    assert (await rest.fetch_channel(LOBBY_ID)).name == "lobby"
    await rest.add_role_to_member(GUILD_ID, ALICE_ID, 110373943822540812)
    real_sandbox.join(GUILD, "alice", "stage")
    await rest.edit_voice_state(GUILD_ID, 110373943822540806, ALICE_ID, suppress=False)
    assert (await rest.fetch_voice_state(GUILD_ID, ALICE_ID)).channel_id == 110373943822540806


async def test_messages_and_commands_are_understood(real_sandbox: Sandbox, bot: Bot) -> None:
    """A direct message can be sent, and commands be put."""
    rest = bot.app.rest
    channel = await rest.create_dm_channel(ALICE_ID)
    assert (await rest.create_message(channel, "please mind the rules")).content
    application_id = real_sandbox.world.bot.user.id
    builder = rest.slash_command_builder("ping", "Is it there?")
    commands = await rest.set_application_commands(application_id, [builder])
    assert [command.name for command in commands] == ["ping"]
    assert len(await rest.fetch_application_commands(application_id)) == 1


async def test_after_a_cut_line_hikari_resumes(real_sandbox: Sandbox, bot: Bot) -> None:
    """What happened while the line was cut arrives after it, without a new READY."""
    real_sandbox.drop_gateway()
    await real_sandbox.wait_for(lambda: not real_sandbox.hub.connections)
    real_sandbox.join(GUILD, "alice", "lobby")
    await bot.wait_for(hikari.ShardResumedEvent)
    await bot.wait_for(hikari.VoiceStateUpdateEvent)
    assert bot.seen(hikari.ShardReadyEvent) == 1


async def test_after_an_invalid_session_hikari_identifies_again(
    real_sandbox: Sandbox, bot: Bot
) -> None:
    """Op 9 without resume brings a new READY and the guild as it is then."""
    real_sandbox.join(GUILD, "alice", "lobby")
    real_sandbox.invalidate_gateway()
    await bot.wait_for(hikari.ShardReadyEvent, 2)
    await bot.wait_for(hikari.GuildAvailableEvent, 2)
    assert bot.app.cache.get_voice_state(GUILD_ID, ALICE_ID) is not None


async def test_a_server_mute_is_kept_over_visits(real_sandbox: Sandbox, bot: Bot) -> None:
    """Who was muted, left and came back is muted in the state that hikari gets."""
    real_sandbox.join(GUILD, "alice", "lobby")
    await bot.app.rest.edit_member(GUILD_ID, ALICE_ID, mute=True)
    real_sandbox.leave(GUILD, "alice")
    real_sandbox.join(GUILD, "alice", "music")
    await bot.wait_for(hikari.VoiceStateUpdateEvent, 4)
    state = bot.app.cache.get_voice_state(GUILD_ID, ALICE_ID)
    assert state is not None
    assert state.is_guild_muted


async def test_fatal_close_codes_end_the_shard(real_sandbox: Sandbox, bot: Bot) -> None:
    """Hikari gives up after 4014, as it does with Discord."""
    real_sandbox.close_gateway(4014)
    with pytest.raises(hikari.GatewayServerClosedConnectionError) as caught:
        await bot.app.shards[0].join()
    assert caught.value.code == 4014


async def test_an_intent_that_is_not_allowed_is_4014(real_sandbox: Sandbox) -> None:
    """A bot that asks for GUILD_MEMBERS without having it is told so."""
    real_sandbox.world.bot.privileged_intents = frozenset()
    bot = Bot(real_sandbox)
    with pytest.raises(hikari.GatewayServerClosedConnectionError) as caught:
        await bot.app.start(check_for_updates=False)
    assert caught.value.code == 4014
    await bot.app.close()


async def test_a_bad_token_is_refused_by_rest(real_sandbox: Sandbox) -> None:
    """Hikari's first call fails with 401."""
    bot = Bot(real_sandbox, token="Mzc0MzAxNjMyNjk2MjA2MzAw.other.token")
    with pytest.raises(hikari.UnauthorizedError):
        await bot.app.start(check_for_updates=False)
    await bot.app.close()
