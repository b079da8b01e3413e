"""The bot is thrown out of a guild, and invited again."""

from voxguard.sandbox.world.payloads import guild_create_json
from voxguard.sandbox.world.state import Guild
from voxguard.sandbox.world.world import RefusedError, World


def kick_bot(world: World, guild: Guild) -> None:
    """Throw the bot out: the guild goes on without it, unseen. `RefusedError` if it is out."""
    if guild.id not in world.guilds:
        raise RefusedError(f"the bot is not in {guild.name}")
    world.tell(f"{guild.name}: the bot is thrown out")
    # Discord says `unavailable` only of an outage.
    world.emit("GUILD_DELETE", guild, {"id": str(guild.id)})
    world.left[guild.id] = world.guilds.pop(guild.id)


def invite_bot(world: World, guild: Guild) -> None:
    """Let it in again, with the roles that it had. `RefusedError` if it is there."""
    if guild.id not in world.left:
        raise RefusedError(f"the bot is in {guild.name} already")
    world.guilds[guild.id] = world.left.pop(guild.id)
    world.tell(f"{guild.name}: the bot is invited")
    world.emit("GUILD_CREATE", guild, guild_create_json(world, guild))
