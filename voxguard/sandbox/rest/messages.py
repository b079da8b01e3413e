"""Channels by themselves, and messages: into a guild's channel or directly to a user."""

from voxguard.model.ids import ChannelId, UserId
from voxguard.model.permissions import Permission
from voxguard.model.world import ChannelKind
from voxguard.sandbox.rest import errors
from voxguard.sandbox.rest.call import Call, as_id
from voxguard.sandbox.world.names import id_for
from voxguard.sandbox.world.payloads import channel_json, instant, user_json
from voxguard.sandbox.world.state import User
from voxguard.sandbox.world.world import JsonObject

MAX_CONTENT = 2000
MAX_KEPT = 10_000


def get_channel(call: Call) -> JsonObject:
    """A channel of a guild or of direct messages."""
    channel_id = ChannelId(call.param("channel"))
    recipient = call.backend.mailbox.direct_channels.get(channel_id)
    if recipient is not None:
        return _direct_channel_json(channel_id, recipient)
    guild, channel = call.guild_channel(channel_id)
    call.require(guild, Permission.VIEW_CHANNEL, channel)
    return channel_json(guild, channel)


def open_direct_channel(call: Call) -> JsonObject:
    """The channel of direct messages to a user, the same one each time."""
    user_id = UserId(as_id(call.fields().get("recipient_id"), "recipient_id"))
    recipient = call.world.users.get(user_id)
    if recipient is None:
        raise errors.unknown("User")
    if recipient is call.world.bot.user:
        raise errors.cannot_message()
    channel_id = ChannelId(id_for("direct", str(user_id)))
    call.backend.mailbox.direct_channels[channel_id] = recipient
    return _direct_channel_json(channel_id, recipient)


def send_message(call: Call) -> JsonObject:
    """Post a message; 50007 to a user who takes none, 50006 when it is empty."""
    channel_id = ChannelId(call.param("channel"))
    message = _message_json(call, channel_id)
    recipient = call.backend.mailbox.direct_channels.get(channel_id)
    if recipient is not None:
        if not recipient.takes_messages:
            raise errors.cannot_message()
        call.world.tell(f"direct message to {recipient.name}: {message['content']}")
    else:
        guild, channel = call.guild_channel(channel_id)
        if channel.kind is ChannelKind.CATEGORY:
            raise errors.wrong_channel_type()
        call.require(guild, Permission.SEND_MESSAGES, channel)
        call.world.tell(f"{guild.name}: message in {channel.name}: {message['content']}")
        call.world.emit("MESSAGE_CREATE", guild, {**message, "guild_id": str(guild.id)})
    kept = call.backend.mailbox.messages
    kept.append(message)
    del kept[:-MAX_KEPT]
    return message


def _message_json(call: Call, channel_id: ChannelId) -> JsonObject:
    fields = call.fields()
    content = fields.get("content") or ""
    embeds = fields.get("embeds") or []
    if not isinstance(content, str) or not isinstance(embeds, list):
        raise errors.invalid_form("content", "Not a well formed message.")
    if not content and not embeds:
        raise errors.ApiError(400, 50006, "Cannot send an empty message")
    if len(content) > MAX_CONTENT:
        message = f"Must be {MAX_CONTENT} or fewer in length."
        raise errors.invalid_form("content", message, "BASE_TYPE_MAX_LENGTH")
    return {
        "id": str(call.world.make_id()),
        "channel_id": str(channel_id),
        "author": user_json(call.world.bot.user),
        "type": 0,
        "content": content,
        "timestamp": instant(call.world.clock.now()),
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "embeds": embeds,
        "components": fields.get("components") or [],
        "pinned": False,
        "flags": 0,
    }


def _direct_channel_json(channel_id: ChannelId, recipient: User) -> JsonObject:
    return {
        "id": str(channel_id),
        "type": 1,
        "flags": 0,
        "last_message_id": None,
        "recipients": [user_json(recipient)],
    }
