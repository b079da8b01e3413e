"""Which events a session asked for, and which of those it may ask for.

Source: Discord developer documentation, "Gateway" (list of intents).
"""

from enum import IntFlag

from voxguard.sandbox.world.world import Bot, Dispatch


class Intent(IntFlag):
    """The intents by name, as far as the stand-in sends anything for them."""

    GUILDS = 1 << 0
    GUILD_MEMBERS = 1 << 1
    GUILD_MODERATION = 1 << 2
    GUILD_VOICE_STATES = 1 << 7
    GUILD_PRESENCES = 1 << 8
    GUILD_MESSAGES = 1 << 9
    MESSAGE_CONTENT = 1 << 15


PRIVILEGED = {
    "members": Intent.GUILD_MEMBERS,
    "presences": Intent.GUILD_PRESENCES,
    "message_content": Intent.MESSAGE_CONTENT,
}

_KNOWN_BITS = sum(1 << bit for bit in (*range(17), 20, 21, 24, 25))

_NEEDED = {
    "GUILD_MEMBER_ADD": Intent.GUILD_MEMBERS,
    "GUILD_MEMBER_UPDATE": Intent.GUILD_MEMBERS,
    "GUILD_MEMBER_REMOVE": Intent.GUILD_MEMBERS,
    "GUILD_AUDIT_LOG_ENTRY_CREATE": Intent.GUILD_MODERATION,
    "VOICE_STATE_UPDATE": Intent.GUILD_VOICE_STATES,
    "MESSAGE_CREATE": Intent.GUILD_MESSAGES,
}


def are_known(intents: int) -> bool:
    """Whether Discord has given every bit a meaning."""
    return intents >= 0 and not intents & ~_KNOWN_BITS


def are_allowed(intents: int, bot: Bot) -> bool:
    """Whether the bot may have the privileged ones among them."""
    return not any(
        intents & bit for name, bit in PRIVILEGED.items() if name not in bot.privileged_intents
    )


def wants(intents: int, dispatch: Dispatch, bot: Bot) -> bool:
    """Whether a session with these intents is sent the event.

    A change of the bot's own member is sent to everybody.
    """
    if dispatch.name == "GUILD_MEMBER_UPDATE" and dispatch.user_id == bot.user.id:
        return True
    return bool(intents & _NEEDED.get(dispatch.name, Intent.GUILDS))
