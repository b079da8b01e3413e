"""Entries of a guild's audit log, as the gateway tells of them.

Source: Discord developer documentation, "Audit Logs". A move or disconnect names no target,
and further ones by the same hand into the same channel only add to the entry's count.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum

from voxguard.model.ids import ChannelId, UserId
from voxguard.model.permissions import Permission
from voxguard.sandbox.world.state import Guild, GuildMember
from voxguard.sandbox.world.world import JsonObject, World

MERGED_WITHIN = timedelta(minutes=5)


class Action(IntEnum):
    """The kinds of entry that voice moderation leaves."""

    MEMBER_UPDATE = 24
    MEMBER_ROLE_UPDATE = 25
    MEMBER_MOVE = 26
    MEMBER_DISCONNECT = 27


@dataclass(frozen=True, slots=True)
class Hand:
    """Who did it, and the reason given for the audit log."""

    user_id: UserId
    reason: str | None = None


def log_change(
    world: World,
    guild: Guild,
    action: Action,
    member: GuildMember,
    changes: list[JsonObject],
    hand: Hand,
) -> None:
    """Tell of a change to a member; each of `changes` has a key, old and new value."""
    entry: JsonObject = {"target_id": str(member.user.id), "changes": changes}
    _tell(world, guild, action, entry, hand)


def log_displacement(
    world: World, guild: Guild, action: Action, channel_id: ChannelId | None, hand: Hand
) -> None:
    """Tell of a move into the channel or of a disconnect, unless it is merged into another."""
    key = (guild.id, hand.user_id, int(action), channel_id)
    now = world.clock.now()
    open_until = world.open_audit_entries.get(key)
    world.open_audit_entries[key] = now + MERGED_WITHIN
    if open_until is not None and now < open_until:
        return
    options = {"count": "1"}
    if channel_id is not None:
        options["channel_id"] = str(channel_id)
    _tell(world, guild, action, {"target_id": None, "options": options}, hand)


def _tell(world: World, guild: Guild, action: Action, entry: JsonObject, hand: Hand) -> None:
    if not guild.permissions(world.bot_member(guild)) & Permission.VIEW_AUDIT_LOG:
        return
    entry |= {
        "id": str(world.make_id()),
        "guild_id": str(guild.id),
        "user_id": str(hand.user_id),
        "action_type": int(action),
    }
    if hand.reason is not None:
        entry["reason"] = hand.reason
    world.emit("GUILD_AUDIT_LOG_ENTRY_CREATE", guild, entry)
