"""Each act is one request of Discord's API, and its answer a value."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web

from tests.unit.discord.tools import (
    ALICE_ID,
    BOB_ID,
    DJ_ID,
    GUILD,
    GUILD_ID,
    LOG_ID,
    STAGE_ID,
    answering,
)
from voxguard.discord.app import open_app
from voxguard.discord.rest import DiscordActor
from voxguard.model.ids import ChannelId
from voxguard.model.world import ChannelKind
from voxguard.ports.discord import (
    Act,
    Applied,
    MemberEdit,
    Message,
    NotConnected,
    OpenDirect,
    Opened,
    Refused,
    RoleEdit,
    StageEdit,
    Unreachable,
)
from voxguard.sandbox.sandbox import Sandbox

REASON = "voxguard: rule: why"
MEMBER = f"/guilds/{GUILD_ID}/members/{ALICE_ID}"


async def test_a_timeout_is_part_of_a_members_edit(sandbox: Sandbox, actor: DiscordActor) -> None:
    """Its end goes as an instant with an offset."""
    until = datetime.now(UTC) + timedelta(minutes=5)
    edit = MemberEdit(mute=True, timeout_until=until)
    assert isinstance(await actor.act(GUILD_ID, ALICE_ID, edit, REASON), Applied)
    [request] = sandbox.requests
    assert request.path == MEMBER
    assert request.body == {"mute": True, "communication_disabled_until": until.isoformat()}
    assert sandbox.world.guild(GUILD).members[ALICE_ID].timed_out_until == until


@pytest.mark.parametrize(("granted", "method"), [(True, "PUT"), (False, "DELETE")])
async def test_a_role_has_an_address_of_its_own(
    sandbox: Sandbox, actor: DiscordActor, granted: bool, method: str
) -> None:
    """The other roles are not touched, and the answer names the bucket."""
    answer = await actor.act(GUILD_ID, ALICE_ID, RoleEdit(DJ_ID, granted=granted), REASON)
    assert isinstance(answer, Applied)
    assert answer.rate_limit is not None
    assert answer.rate_limit.bucket
    [request] = sandbox.requests
    assert (request.method, request.path) == (method, f"{MEMBER}/roles/{DJ_ID}")
    assert (request.body, request.reason) == (None, REASON)


async def test_audience_is_made_in_the_voice_state(sandbox: Sandbox, actor: DiscordActor) -> None:
    """The request names the stage, for which alone it is meant."""
    sandbox.move(GUILD, "alice", "stage")
    edit = StageEdit(STAGE_ID, suppressed=False)
    assert isinstance(await actor.act(GUILD_ID, ALICE_ID, edit, REASON), Applied)
    [request] = sandbox.requests
    assert (request.method, request.path) == (
        "PATCH",
        f"/guilds/{GUILD_ID}/voice-states/{ALICE_ID}",
    )
    assert request.body == {"channel_id": str(STAGE_ID), "suppress": False}


async def test_who_is_not_on_that_stage(sandbox: Sandbox, actor: DiscordActor) -> None:
    """Somebody elsewhere, and somebody who is nowhere, are answers of one sort."""
    edit = StageEdit(STAGE_ID, suppressed=True)
    assert isinstance(await actor.act(GUILD_ID, ALICE_ID, edit, REASON), NotConnected)
    sandbox.leave(GUILD, "alice")
    assert isinstance(await actor.act(GUILD_ID, ALICE_ID, edit, REASON), NotConnected)


async def test_a_direct_message_takes_two_requests(sandbox: Sandbox, actor: DiscordActor) -> None:
    """The channel is asked for, and then it takes the message."""
    opened = await actor.act(GUILD_ID, ALICE_ID, OpenDirect(), REASON)
    assert isinstance(opened, Opened)
    message = Message(opened.channel_id, "mind the rules", "7")
    assert isinstance(await actor.act(GUILD_ID, ALICE_ID, message, REASON), Applied)
    assert sandbox.backend.mailbox.direct_channels[opened.channel_id].name == "alice"
    assert [each["content"] for each in sandbox.messages] == ["mind the rules"]


async def test_a_message_notifies_nobody_and_has_a_name(
    sandbox: Sandbox, actor: DiscordActor
) -> None:
    """Nobody is allowed to be mentioned, and Discord is asked to take a nonce once."""
    message = Message(LOG_ID, f"@everyone <@{BOB_ID}>", "7" * 25)
    for _ in range(2):
        assert isinstance(await actor.act(GUILD_ID, ALICE_ID, message, REASON), Applied)
    [sent] = sandbox.messages
    assert (sent["mention_everyone"], sent["mentions"]) == (False, [])
    body = sandbox.requests[0].body
    assert body["allowed_mentions"] == {"parse": []}
    assert (body["nonce"], body["enforce_nonce"]) == ("7" * 25, True)


async def test_who_takes_no_messages(sandbox: Sandbox, actor: DiscordActor) -> None:
    """50007 is a refusal like any other here."""
    sandbox.set_takes_messages(GUILD, "alice", takes=False)
    opened = await actor.act(GUILD_ID, ALICE_ID, OpenDirect(), REASON)
    assert isinstance(opened, Opened)
    answer = await actor.act(GUILD_ID, ALICE_ID, Message(opened.channel_id, "x", "7"), REASON)
    assert isinstance(answer, Refused)
    assert (answer.status, answer.code) == (403, 50007)


async def test_a_channel_that_takes_no_messages(sandbox: Sandbox, actor: DiscordActor) -> None:
    """An unknown one and a category are refused with Discord's codes."""
    category = next(
        each
        for each in sandbox.world.guild(GUILD).channels.values()
        if each.kind is ChannelKind.CATEGORY
    )
    for channel_id, code in ((ChannelId(5), 10003), (category.id, 50024)):
        answer = await actor.act(GUILD_ID, ALICE_ID, Message(channel_id, "x", "7"), REASON)
        assert isinstance(answer, Refused)
        assert answer.code == code


async def test_a_channel_that_is_not_named_is_no_answer() -> None:
    """A success that does not say which channel is tried again, without doubt."""
    async with (
        answering(lambda _: web.json_response({"unexpected": "channel"})) as url,
        open_app("token", url) as app,
    ):
        answer = await DiscordActor(app).act(GUILD_ID, ALICE_ID, OpenDirect(), REASON)
    assert isinstance(answer, Unreachable)
    assert not answer.in_doubt


async def test_every_route_is_sent_at_once(sandbox: Sandbox, actor: DiscordActor) -> None:
    """No route has to be warmed up by a first answer: a cold one does not queue in the library."""
    sandbox.move(GUILD, "alice", "stage")
    acts: list[Act] = [
        MemberEdit(deaf=True),
        RoleEdit(DJ_ID, granted=True),
        StageEdit(STAGE_ID, suppressed=True),
        OpenDirect(),
        Message(LOG_ID, "x", "7"),
    ]
    sandbox.set_delay(1)
    await asyncio.gather(*(actor.act(GUILD_ID, ALICE_ID, act, REASON) for act in acts * 3))
    requests = sandbox.requests
    assert len(requests) == 3 * len(acts)
    first_answer = min(each.answered_monotonic for each in requests)
    assert max(each.monotonic for each in requests) < first_answer
