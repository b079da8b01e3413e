from datetime import timedelta

import pytest
from aiohttp import web

from tests.unit.discord.tools import AFK_ID, GUILD, GUILD_ID, LOBBY_ID, answering
from voxguard.discord.app import App, open_app
from voxguard.discord.reads import DiscordReads
from voxguard.errors import UnreachableError
from voxguard.model.permissions import Permission
from voxguard.model.world import ChannelKind, Overwrite
from voxguard.sandbox.sandbox import Sandbox


async def test_the_account(app: App, sandbox: Sandbox) -> None:
    """Who the bot is, whether it may see members, and how far the clocks are apart."""
    account = await DiscordReads(app).account()
    assert account.user_id == sandbox.world.bot.user.id
    assert account.may_see_members
    assert account.clock_offset is not None
    assert abs(account.clock_offset) < timedelta(seconds=3)
    sandbox.world.bot.privileged_intents = frozenset()
    assert not (await DiscordReads(app).account()).may_see_members


async def test_the_guilds(app: App) -> None:
    """The ids of the guilds that the bot is in."""
    assert await DiscordReads(app).guild_ids() == (GUILD_ID,)


async def test_a_guild(app: App, sandbox: Sandbox) -> None:
    """Roles, channels with parents and overwrites, AFK channel and the bot's own roles."""
    alice = sandbox.world.member(sandbox.world.guild(GUILD), "alice").user.id
    sandbox.set_overwrite(GUILD, "lobby", member="alice", deny=int(Permission.CONNECT))
    sandbox.set_overwrite(GUILD, "lobby", role="dj", allow=int(Permission.SPEAK))
    bot = sandbox.world.bot.user.id
    guild = await DiscordReads(app).guild(GUILD_ID, bot)
    channels = {channel.id: channel for channel in guild.channels}
    lobby = channels[LOBBY_ID]
    assert guild.afk_channel_id == AFK_ID
    assert guild.name == GUILD
    assert lobby.kind is ChannelKind.VOICE
    assert lobby.parent_id is not None
    assert channels[lobby.parent_id].kind is ChannelKind.CATEGORY
    assert (
        Overwrite(alice, is_role=False, allow=0, deny=int(Permission.CONNECT)) in lobby.overwrites
    )
    assert any(each.is_role and each.allow for each in lobby.overwrites)
    assert {channel.kind for channel in guild.channels} == set(ChannelKind)
    roles = {role.name: role for role in guild.roles}
    assert roles.keys() >= {"staff", "dj"}
    assert roles["voxguard"].position > roles["staff"].position > roles["dj"].position
    assert (roles["voxguard"].managed, roles["dj"].managed) == (True, False)
    [member] = guild.members
    assert member.user_id == bot


async def test_a_guild_without_an_afk_channel(app: App, sandbox: Sandbox) -> None:
    """No AFK channel is None."""
    sandbox.set_afk_channel(GUILD)
    guild = await DiscordReads(app).guild(GUILD_ID, sandbox.world.bot.user.id)
    assert guild.afk_channel_id is None


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (web.json_response({}, status=401), "refuses the token"),
        (web.json_response({"retry_after": 3}, status=429), "patience"),
        (web.json_response({"message": "Missing Access", "code": 50001}, status=403), "Missing"),
        (web.json_response({}, status=503), "is out of reach: it answers 503"),
        (web.json_response({"id": "not an id"}), "not Discord's API"),
    ],
    ids=["401", "429", "403", "503", "200"],
)
async def test_no_answer_is_an_error_for_people(answer: web.Response, words: str) -> None:
    """Whatever goes wrong is one line and exit code 7."""
    async with answering(lambda _: answer) as url, open_app("token", url) as app:
        with pytest.raises(UnreachableError, match=words) as caught:
            await DiscordReads(app).account()
    assert caught.value.exit_code == 7


@pytest.mark.parametrize(
    "answer",
    [web.json_response({"message": "404: Not Found"}, status=404), web.json_response({"id": "x"})],
    ids=["404", "200"],
)
async def test_an_address_of_something_else_is_told(answer: web.Response) -> None:
    """What answers, and not as Discord's API does, is taken for a wrong setting."""
    async with answering(lambda _: answer) as url, open_app("token", url) as app:
        with pytest.raises(UnreachableError) as caught:
            await DiscordReads(app).account()
    assert caught.value.hint is not None
    assert "VOXGUARD_DISCORD_API" in caught.value.hint
