"""Channels by themselves, and messages: into a guild's channel or directly to a user."""

from voxguard.model.ids import ChannelId, UserId
from voxguard.model.permissions import Permission
from voxguard.model.world import ChannelKind
from voxguard.sandbox.rest import errors
from voxguard.sandbox.rest.call import Call, as_id
from voxguard.sandbox.rest.mentions import mentioned_users, mentions_everyone, read_allowed
from voxguard.sandbox.world.names import id_for
from voxguard.sandbox.world.payloads import channel_json, instant, user_json
from voxguard.sandbox.world.state import User
from voxguard.sandbox.world.world import JsonObject

MAX_CONTENT = 2000
MAX_KEPT = 10_000
MAX_NONCE = 25

NONCE_SECONDS = 180.0
"""Discord compares nonces of "the past few minutes"."""


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
    """Post a message; 50007 to a user who takes none, 50006 when it is empty.

    With a nonce that is to be enforced the message that it was used for is answered again.
    """
    channel_id = ChannelId(call.param("channel"))
    fields = call.fields()
    nonce = _nonce(fields)
    repeated = _repeated(call, nonce) if fields.get("enforce_nonce") else None
    if repeated is not None:
        return repeated
    message = _message_json(call, channel_id, fields)
    recipient = call.backend.mailbox.direct_channels.get(channel_id)
    if recipient is not None:
        if not recipient.takes_messages:
            raise errors.cannot_message()
        message["mention_everyone"] = False
        call.world.tell(f"direct message to {recipient.name}: {message['content']}")
    else:
        _post(call, message, channel_id)
    mailbox = call.backend.mailbox
    mailbox.messages.append(message)
    del mailbox.messages[:-MAX_KEPT]
    if nonce is not None:
        mailbox.nonces[nonce] = (call.world.clock.monotonic(), message)
    return message


def _post(call: Call, message: JsonObject, channel_id: ChannelId) -> None:
    guild, channel = call.guild_channel(channel_id)
    if channel.kind is ChannelKind.CATEGORY:
        raise errors.wrong_channel_type()
    call.require(guild, Permission.SEND_MESSAGES, channel)
    if not guild.permissions(call.world.bot_member(guild), channel) & Permission.MENTION_EVERYONE:
        message["mention_everyone"] = False
    call.world.tell(f"{guild.name}: message in {channel.name}: {message['content']}")
    call.world.emit("MESSAGE_CREATE", guild, {**message, "guild_id": str(guild.id)})


def _nonce(fields: JsonObject) -> str | None:
    nonce = fields.get("nonce")
    if nonce is None:
        return None
    if isinstance(nonce, bool) or not isinstance(nonce, str | int) or len(str(nonce)) > MAX_NONCE:
        raise errors.invalid_form("nonce", f"Must be {MAX_NONCE} or fewer in length.")
    return str(nonce)


def _repeated(call: Call, nonce: str | None) -> JsonObject | None:
    """The message for which the nonce was used a short time ago."""
    nonces = call.backend.mailbox.nonces
    now = call.world.clock.monotonic()
    for old in [key for key, (at, _) in nonces.items() if now - at >= NONCE_SECONDS]:
        del nonces[old]
    return nonces[nonce][1] if nonce is not None and nonce in nonces else None


def _message_json(call: Call, channel_id: ChannelId, fields: JsonObject) -> JsonObject:
    content = fields.get("content") or ""
    embeds = fields.get("embeds") or []
    if not isinstance(content, str) or not isinstance(embeds, list):
        raise errors.invalid_form("content", "Not a well formed message.")
    if not content.strip() and not embeds:
        raise errors.ApiError(400, 50006, "Cannot send an empty message")
    if len(content) > MAX_CONTENT:
        message = f"Must be {MAX_CONTENT} or fewer in length."
        raise errors.invalid_form("content", message, "BASE_TYPE_MAX_LENGTH")
    allowed = read_allowed(fields)
    users = [call.world.users.get(user_id) for user_id in mentioned_users(content, allowed)]
    nonce = {} if fields.get("nonce") is None else {"nonce": fields["nonce"]}
    return {
        "id": str(call.world.make_id()),
        "channel_id": str(channel_id),
        "author": user_json(call.world.bot.user),
        "type": 0,
        "content": content,
        "timestamp": instant(call.world.clock.now()),
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": mentions_everyone(content, allowed),
        "mentions": [user_json(user) for user in users if user is not None],
        "mention_roles": [],
        "attachments": [],
        "embeds": embeds,
        "components": fields.get("components") or [],
        "pinned": False,
        "flags": 0,
        **nonce,
    }


def _direct_channel_json(channel_id: ChannelId, recipient: User) -> JsonObject:
    return {
        "id": str(channel_id),
        "type": 1,
        "flags": 0,
        "last_message_id": None,
        "recipients": [user_json(recipient)],
    }
