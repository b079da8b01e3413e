"""What a moderator, human or bot, does to a member: the change, its echo and its audit entry."""

from dataclasses import dataclass
from datetime import datetime

from voxguard.model.ids import RoleId
from voxguard.sandbox.world import membership, voice
from voxguard.sandbox.world.audit import Action, Hand, log_change, log_displacement
from voxguard.sandbox.world.payloads import instant
from voxguard.sandbox.world.state import Guild, GuildChannel, GuildMember
from voxguard.sandbox.world.world import JsonObject, World


@dataclass(frozen=True, slots=True)
class Timeout:
    """Communication is disabled until the instant; None ends a timeout."""

    until: datetime | None


@dataclass(frozen=True, slots=True)
class Edit:
    """What is to become of a member; None leaves a thing as it is."""

    mute: bool | None = None
    deaf: bool | None = None
    suppress: bool | None = None
    move_to: GuildChannel | None = None
    disconnect: bool = False
    roles: frozenset[RoleId] | None = None
    timeout: Timeout | None = None

    @property
    def needs_voice(self) -> bool:
        """Whether Discord refuses it while the member is not connected."""
        switches = (self.mute, self.deaf, self.suppress, self.move_to)
        return self.disconnect or any(switch is not None for switch in switches)


def moderate(world: World, guild: Guild, member: GuildMember, edit: Edit, hand: Hand) -> None:
    """Carry the edit out, in the order in which nothing of it gets in the way of the rest.

    Whether the hand may do it is not asked here. Raises `RefusedError`, before anything is
    changed, where the member would have to be connected.
    """
    if edit.needs_voice:
        voice.connected(member)
    _edit_voice(world, guild, member, edit, hand)
    _edit_place(world, guild, member, edit, hand)
    if edit.roles is not None and edit.roles != member.roles:
        changes = _role_changes(guild, member.roles, edit.roles)
        membership.set_roles(world, guild, member, edit.roles)
        log_change(world, guild, Action.MEMBER_ROLE_UPDATE, member, changes, hand)
    if edit.timeout is not None and edit.timeout.until != member.timed_out_until:
        before, until = member.timed_out_until, edit.timeout.until
        membership.set_timeout(world, guild, member, until)
        key = "communication_disabled_until"
        change = {"key": key, "old_value": instant(before), "new_value": instant(until)}
        log_change(world, guild, Action.MEMBER_UPDATE, member, [change], hand)


def _edit_voice(world: World, guild: Guild, member: GuildMember, edit: Edit, hand: Hand) -> None:
    changes: list[JsonObject] = []
    for key, before, after in (
        ("mute", member.guild_mute, edit.mute),
        ("deaf", member.guild_deaf, edit.deaf),
    ):
        if after is not None and after != before:
            changes.append({"key": key, "old_value": before, "new_value": after})
    if edit.mute is not None or edit.deaf is not None:
        voice.set_guild_flags(world, guild, member, mute=edit.mute, deaf=edit.deaf)
    if edit.suppress is not None:
        voice.set_suppressed(world, guild, member, suppressed=edit.suppress)
    if changes:
        log_change(world, guild, Action.MEMBER_UPDATE, member, changes, hand)


def _edit_place(world: World, guild: Guild, member: GuildMember, edit: Edit, hand: Hand) -> None:
    if edit.disconnect:
        voice.remove(world, guild, member, how="is disconnected from")
        action, channel_id = Action.MEMBER_DISCONNECT, None
    elif edit.move_to is not None:
        voice.place(world, guild, member, edit.move_to)
        action, channel_id = Action.MEMBER_MOVE, edit.move_to.id
    else:
        return
    log_displacement(world, guild, action, channel_id, hand)


def _role_changes(guild: Guild, before: set[RoleId], after: frozenset[RoleId]) -> list[JsonObject]:
    changes: list[JsonObject] = []
    for key, role_ids in (("$add", after - before), ("$remove", before - after)):
        if role_ids:
            named = [
                {"id": str(role_id), "name": guild.roles[role_id].name}
                for role_id in sorted(role_ids)
                if role_id in guild.roles
            ]
            changes.append({"key": key, "new_value": named})
    return changes
