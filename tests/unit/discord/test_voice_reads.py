import socket

import pytest
from aiohttp import web

from tests.unit.discord.tools import (
    ALICE_ID,
    CAROL_ID,
    GUILD,
    GUILD_ID,
    LOBBY_ID,
    STAGE_ID,
    answering,
)
from voxguard.discord.app import App, open_app
from voxguard.discord.voice_reads import DiscordVoices
from voxguard.model.ids import UserId
from voxguard.model.world import VoiceState
from voxguard.ports.reconciliation import Looked
from voxguard.sandbox.sandbox import Sandbox


async def test_where_members_are(app: App, sandbox: Sandbox) -> None:
    """With every flag; who is not in voice, or no member, is nowhere."""
    voices = DiscordVoices(app)
    sandbox.set_flags(GUILD, "alice", self_mute=True, camera=True)
    sandbox.human_edit(GUILD, "alice", mute=True)
    looked = await voices.look(GUILD_ID, ALICE_ID)
    muted = VoiceState(ALICE_ID, LOBBY_ID, guild_mute=True, self_mute=True, camera=True)
    assert looked.state == muted
    assert (await voices.look(GUILD_ID, CAROL_ID)).state == VoiceState(CAROL_ID, None)
    sandbox.join(GUILD, "carol", "stage")
    looked = await voices.look(GUILD_ID, CAROL_ID)
    assert looked.state == VoiceState(CAROL_ID, STAGE_ID, suppressed=True)
    assert (await voices.look(GUILD_ID, UserId(5))).state == VoiceState(UserId(5), None)


async def test_an_empty_bucket_is_told(app: App, sandbox: Sandbox) -> None:
    """When the last question of a window was asked, how long to wait; then, that it was one."""
    sandbox.set_limit("read", limit=1, within_seconds=30)
    first = await DiscordVoices(app).look(GUILD_ID, ALICE_ID)
    assert first.state is not None
    assert 0 < first.pause_seconds <= 30
    second = await DiscordVoices(app).look(GUILD_ID, ALICE_ID)
    assert second.state is None
    assert 0 < second.pause_seconds <= 31


@pytest.mark.parametrize(
    ("answer", "looked"),
    [
        (
            web.json_response({"message": "Missing Access", "code": 50001}, status=403),
            Looked(None, "it answers 403 (Missing Access)", refused=True),
        ),
        (web.json_response({}, status=401), Looked(None, "it answers 401", refused=True)),
        (web.json_response({}, status=503), Looked(None, "it answers 503")),
        (web.json_response({"id": "1"}), Looked(None, "what answers is not Discord's API")),
    ],
    ids=["403", "401", "503", "200"],
)
async def test_no_answer_is_a_value(answer: web.Response, looked: Looked) -> None:
    """Whatever goes wrong ends nothing; what would be refused again is marked."""
    async with answering(lambda _: answer) as url, open_app("token", url) as app:
        assert await DiscordVoices(app).look(GUILD_ID, ALICE_ID) == looked


async def test_nobody_there() -> None:
    """A connection that cannot be made is no answer either."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/api/v10"
        async with open_app("token", url) as app:
            looked = await DiscordVoices(app).look(GUILD_ID, ALICE_ID)
    assert (looked.state, looked.refused) == (None, False)
    assert looked.reason
