"""What Discord means when it ends a gateway connection for good.

Source: Discord developer documentation, "Gateway Close Event Codes".
"""

from voxguard.errors import UnreachableError

TOKEN_REFUSED = 4004
INTENTS_REFUSED = 4014
OTHER_SHARDS = (4010, 4011)
"""The number of shards is not, or no longer, one that Discord takes."""

MEANINGS = {
    4001: "it did not understand an opcode",
    4003: "it saw no session yet",
    4005: "it saw a session already",
    4010: "there is no such shard",
    4011: "the bot is in too many guilds for its shards",
    4012: "it does not speak this version of the gateway any more",
    4013: "it does not know an intent",
    4014: "an intent is not allowed",
}


def describe(code: int, reason: str) -> str:
    """A close code in words, with what Discord said itself where the code is a new one."""
    return f"Discord ended the connection ({code}): {MEANINGS.get(code, reason)}"


def token_refused() -> UnreachableError:
    """The token is wrong, or has been reset."""
    return UnreachableError(
        "Discord refuses the token",
        hint="set DISCORD_TOKEN to the bot's token from https://discord.com/developers",
    )


def intents_refused() -> UnreachableError:
    """Discord refuses even what needs no permission."""
    return UnreachableError(
        "Discord refuses the gateway intents, even without privileged ones (4014)",
        hint="look at the bot's page at https://discord.com/developers",
    )
