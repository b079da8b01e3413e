import pytest

from tests.unit.sandbox.tools import (
    ALICE_ID,
    BOB_ID,
    GUILD,
    GUILD_ID,
    LOBBY_ID,
    LOG_ID,
    Caller,
    ManualClock,
)
from voxguard.model.ids import UserId
from voxguard.model.permissions import Permission
from voxguard.sandbox.rest import messages


async def test_a_direct_message_reaches_its_reader(caller: Caller) -> None:
    """A channel is opened, the same one each time, and takes messages."""
    recipient = {"recipient_id": str(ALICE_ID)}
    channel = (await caller.call("POST", "/users/@me/channels", recipient)).payload
    assert (await caller.call("POST", "/users/@me/channels", recipient)).payload == channel
    path = f"/channels/{channel['id']}"
    assert (await caller.call("GET", path)).payload["recipients"][0]["username"] == "alice"
    reply = await caller.call("POST", f"{path}/messages", {"content": "please mind the rules"})
    assert reply.payload["content"] == "please mind the rules"
    assert caller.sandbox.backend.mailbox.messages == [reply.payload]


async def test_who_takes_no_messages_gets_none(caller: Caller) -> None:
    """A message to somebody who takes none is 50007, and so is one to the bot itself."""
    caller.sandbox.world.users[UserId(BOB_ID)].takes_messages = False
    recipient = {"recipient_id": str(BOB_ID)}
    channel = (await caller.call("POST", "/users/@me/channels", recipient)).payload
    path = f"/channels/{channel['id']}/messages"
    assert (await caller.call("POST", path, {"content": "hello"})).code == 50007
    itself = {"recipient_id": str(caller.sandbox.world.bot.user.id)}
    assert (await caller.call("POST", "/users/@me/channels", itself)).code == 50007


async def test_unknown_readers_and_channels_are_refused(caller: Caller) -> None:
    """An unknown user is 10013, an unknown channel 10003."""
    unknown = {"recipient_id": "5"}
    assert (await caller.call("POST", "/users/@me/channels", unknown)).code == 10013
    assert (await caller.call("POST", "/users/@me/channels", {})).code == 50035
    assert (await caller.call("GET", "/channels/5")).code == 10003
    assert (await caller.call("POST", "/channels/5/messages", {"content": "x"})).code == 10003


async def test_a_guilds_channel_takes_messages_from_who_may(caller: Caller) -> None:
    """An announcement needs SEND_MESSAGES, and a channel that is no category."""
    path = f"/channels/{LOG_ID}"
    reply = await caller.call("POST", f"{path}/messages", {"embeds": [{"title": "muted"}]})
    assert reply.payload["embeds"] == [{"title": "muted"}]
    assert (await caller.call("GET", path)).payload["guild_id"] == str(GUILD_ID)
    deny = int(Permission.SEND_MESSAGES)
    caller.sandbox.set_overwrite(GUILD, "mod-log", role="voxguard", deny=deny)
    assert (await caller.call("POST", f"{path}/messages", {"content": "x"})).code == 50013
    category = caller.sandbox.world.channel(caller.sandbox.world.guild(GUILD), "Voice")
    into_category = f"/channels/{category.id}/messages"
    assert (await caller.call("POST", into_category, {"content": "x"})).code == 50024


async def test_a_voice_channel_can_be_looked_at_only_by_who_sees_it(caller: Caller) -> None:
    """A channel that the bot cannot view is 50001."""
    deny = int(Permission.VIEW_CHANNEL)
    caller.sandbox.set_overwrite(GUILD, "lobby", role="voxguard", deny=deny)
    assert (await caller.call("GET", f"/channels/{LOBBY_ID}")).code == 50001


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, 50006),
        ({"content": ""}, 50006),
        ({"content": " "}, 50006),
        ({"nonce": "n" * 26, "content": "x"}, 50035),
        ({"nonce": True, "content": "x"}, 50035),
        ({"content": "x" * 2001}, 50035),
        ({"content": 5}, 50035),
        (["content"], 50109),
    ],
    ids=lambda value: str(value)[:20],
)
async def test_messages_have_a_form(caller: Caller, body: object, code: int) -> None:
    """Empty, overlong and malformed messages are refused."""
    assert (await caller.call("POST", f"/channels/{LOG_ID}/messages", body)).code == code


async def test_messages_are_kept_within_bounds(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the latest messages are kept."""
    monkeypatch.setattr(messages, "MAX_KEPT", 2)
    for text in ("one", "two", "three"):
        await caller.call("POST", f"/channels/{LOG_ID}/messages", {"content": text})
    kept = [message["content"] for message in caller.sandbox.backend.mailbox.messages]
    assert kept == ["two", "three"]


async def test_a_nonce_is_used_once(caller: Caller, clock: ManualClock) -> None:
    """Who repeats a message by its nonce is answered with the first, for some minutes."""
    path = f"/channels/{LOG_ID}/messages"
    body = {"content": "once", "nonce": "5f3a", "enforce_nonce": True}
    first = await caller.call("POST", path, body)
    again = await caller.call("POST", path, {**body, "content": "twice"})
    assert again.payload == first.payload
    assert first.payload["nonce"] == "5f3a"
    clock.seconds += messages.NONCE_SECONDS
    later = await caller.call("POST", path, {**body, "content": "later"})
    assert [each["content"] for each in caller.sandbox.messages] == ["once", "later"]
    assert later.payload["content"] == "later"


async def test_a_nonce_alone_forbids_nothing(caller: Caller) -> None:
    """It has to be asked for that it is enforced."""
    body = {"content": "often", "nonce": 7}
    for _ in range(2):
        await caller.call("POST", f"/channels/{LOG_ID}/messages", body)
    assert [message["nonce"] for message in caller.sandbox.messages] == [7, 7]
