"""Modify Guild Member: what the body asks for, and whether the bot may do it.

Source: Discord developer documentation, "Modify Guild Member". Everything is checked before
anything is changed. The order of roles restricts roles and timeouts, not mutes and moves.
"""

from datetime import UTC, datetime, timedelta

from voxguard.model.ids import ChannelId, RoleId
from voxguard.model.permissions import Permission
from voxguard.sandbox.rest import errors
from voxguard.sandbox.rest.call import Call, as_flag, as_id
from voxguard.sandbox.world.moderation import Edit, Timeout, moderate
from voxguard.sandbox.world.payloads import member_json
from voxguard.sandbox.world.state import Guild, GuildChannel, GuildMember
from voxguard.sandbox.world.world import JsonObject

LONGEST_TIMEOUT = timedelta(days=28)
MAX_ROLES = 350


def edit_member(call: Call) -> JsonObject:
    """PATCH a member: voice, roles and timeout together; answers with the member."""
    guild = call.guild()
    member = call.member(guild)
    fields = call.fields()
    edit = Edit(
        mute=as_flag(fields.get("mute"), "mute"),
        deaf=as_flag(fields.get("deaf"), "deaf"),
        move_to=_target(guild, fields),
        disconnect="channel_id" in fields and fields["channel_id"] is None,
        roles=_roles(fields),
        timeout=_timeout(fields, call.world.clock.now()),
    )
    _check_voice(call, guild, member, edit)
    if edit.roles is not None:
        check_roles(call, guild, (edit.roles | member.roles) - (edit.roles & member.roles))
    if edit.timeout is not None:
        _check_timeout(call, guild, member)
    moderate(call.world, guild, member, edit, call.hand)
    return member_json(member)


def check_roles(call: Call, guild: Guild, role_ids: set[RoleId] | frozenset[RoleId]) -> None:
    """Go on only if the bot may give or take these roles: they are below its own, and free."""
    bot_rank = guild.rank(call.world.bot_member(guild))
    call.require(guild, Permission.MANAGE_ROLES)
    for role_id in role_ids:
        role = guild.roles.get(role_id)
        if role is None:
            raise errors.unknown("Role")
        if role.managed or role.id == RoleId(guild.id) or role.position >= bot_rank:
            raise errors.missing_permissions()


def _check_voice(call: Call, guild: Guild, member: GuildMember, edit: Edit) -> None:
    wanted = Permission.NONE
    if edit.mute is not None:
        wanted |= Permission.MUTE_MEMBERS
    if edit.deaf is not None:
        wanted |= Permission.DEAFEN_MEMBERS
    if edit.disconnect or edit.move_to is not None:
        wanted |= Permission.MOVE_MEMBERS
    if not edit.needs_voice:
        return
    if member.voice is None:
        call.require(guild, wanted)
        raise errors.not_connected()
    call.require(guild, wanted, guild.channels[member.voice.channel_id])
    if edit.move_to is not None:
        if not edit.move_to.is_voice:
            raise errors.wrong_channel_type()
        # A full channel is no obstacle to somebody who may move members.
        call.require(guild, Permission.CONNECT, edit.move_to)


def _check_timeout(call: Call, guild: Guild, member: GuildMember) -> None:
    call.require(guild, Permission.MODERATE_MEMBERS)
    is_protected = guild.permissions(member) & Permission.ADMINISTRATOR
    if is_protected or guild.rank(member) >= guild.rank(call.world.bot_member(guild)):
        raise errors.missing_permissions()


def _target(guild: Guild, fields: JsonObject) -> GuildChannel | None:
    raw = fields.get("channel_id")
    if raw is None:
        return None
    channel = guild.channels.get(ChannelId(as_id(raw, "channel_id")))
    if channel is None:
        raise errors.unknown("Channel")
    return channel


def _roles(fields: JsonObject) -> frozenset[RoleId] | None:
    raw = fields.get("roles")
    if raw is None:
        return None
    if not isinstance(raw, list) or len(raw) > MAX_ROLES:
        raise errors.invalid_form("roles", f"Must be a list of at most {MAX_ROLES} ids.")
    return frozenset(RoleId(as_id(item, "roles")) for item in raw)


def _timeout(fields: JsonObject, now: datetime) -> Timeout | None:
    name = "communication_disabled_until"
    if name not in fields:
        return None
    raw = fields[name]
    if raw is None:
        return Timeout(None)
    try:
        until = datetime.fromisoformat(raw)
    except (TypeError, ValueError):
        raise errors.invalid_form(name, f"Could not parse {str(raw)[:40]!r}.") from None
    until = until.replace(tzinfo=UTC) if until.tzinfo is None else until.astimezone(UTC)
    if until - now > LONGEST_TIMEOUT:
        raise errors.invalid_form(name, "Must be at most 28 days from now.")
    return Timeout(until)
