"""Members of a guild: who comes and goes, with which roles, and timeouts."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from voxguard.model.ids import GuildId, RoleId, UserId
from voxguard.sandbox.world import voice
from voxguard.sandbox.world.names import id_for
from voxguard.sandbox.world.payloads import member_json, user_json
from voxguard.sandbox.world.state import Guild, GuildMember, User
from voxguard.sandbox.world.world import RefusedError, UnknownNameError, World


class Drop(StrEnum):
    """When a removed member's voice state ends: Discord keeps to no order, nor sends it always."""

    BEFORE = "before"
    AFTER = "after"
    NEVER = "never"


def add_member(
    world: World,
    guild: Guild,
    name: str,
    *,
    user_id: int | None = None,
    roles: Iterable[RoleId] = (),
    bot: bool = False,
) -> GuildMember:
    """Let a user join the guild; who has no account yet gets one, with this id or a made-up one.

    Raises `RefusedError` when the name or the id is taken in the guild.
    """
    found = UserId(user_id if user_id is not None else id_for("user", name))
    if found in guild.members or any(m.user.name == name for m in guild.members.values()):
        raise RefusedError(f"guild {guild.name!r} has a member {name!r} already")
    user = world.users.setdefault(found, User(found, name, bot=bot))
    member = GuildMember(user, roles=set(roles), joined_at=world.clock.now())
    guild.members[found] = member
    world.tell(f"{guild.name}: {name} is a member now")
    world.emit(
        "GUILD_MEMBER_ADD",
        guild,
        {**member_json(member), "guild_id": str(guild.id)},
        user_id=found,
    )
    return member


def remove_member(
    world: World, guild: Guild, member: GuildMember, *, drop: Drop = Drop.BEFORE
) -> None:
    """End a membership, with the end of the member's voice state before, after or never sent."""
    if member is world.bot_member(guild):
        raise RefusedError("the bot cannot be removed from a guild")
    if drop is Drop.BEFORE:
        voice.remove(world, guild, member)
    del guild.members[member.user.id]
    world.tell(f"{guild.name}: {member.user.name} is no member any more")
    world.emit(
        "GUILD_MEMBER_REMOVE",
        guild,
        {"guild_id": str(guild.id), "user": user_json(member.user)},
        user_id=member.user.id,
    )
    if drop is Drop.AFTER:
        voice.remove(world, guild, member)


def set_roles(world: World, guild: Guild, member: GuildMember, roles: Iterable[RoleId]) -> None:
    """Give the member exactly these roles; `UnknownNameError` for one that is not there."""
    wanted = set(roles) - {RoleId(GuildId(guild.id))}
    for role_id in wanted - guild.roles.keys():
        raise UnknownNameError(f"there is no role {role_id} in guild {guild.name!r}")
    if wanted != member.roles:
        member.roles = wanted
        names = ", ".join(sorted(guild.roles[role_id].name for role_id in wanted)) or "no roles"
        world.tell(f"{guild.name}: {member.user.name} now has {names}")
        announce_member(world, guild, member)


def set_timeout(world: World, guild: Guild, member: GuildMember, until: datetime | None) -> None:
    """Disable the member's communication until the instant, or end that; drops them from voice."""
    if member.timed_out_until == until:
        return
    member.timed_out_until = until
    is_timed_out = member.is_timed_out(world.clock.now())
    story = f"is timed out until {until:%Y-%m-%d %H:%M:%S}Z" if is_timed_out else "may talk again"
    world.tell(f"{guild.name}: {member.user.name} {story}")
    announce_member(world, guild, member)
    if is_timed_out:
        voice.remove(world, guild, member, how="drops out of")


def announce_member(world: World, guild: Guild, member: GuildMember) -> None:
    """Send the member as it is now."""
    world.emit(
        "GUILD_MEMBER_UPDATE",
        guild,
        {**member_json(member), "guild_id": str(guild.id)},
        user_id=member.user.id,
    )
