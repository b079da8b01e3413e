"""What the daemon asks Discord to be told of."""

from typing import Final

import hikari

INTENTS: Final = (
    hikari.Intents.GUILDS
    | hikari.Intents.GUILD_VOICE_STATES
    | hikari.Intents.GUILD_MODERATION
    | hikari.Intents.GUILD_MEMBERS
)

WITHOUT_MEMBERS: Final = (
    "Discord does not allow the Server Members intent: role changes of connected members are "
    "seen with their next voice event (switch it on at https://discord.com/developers)"
)
