"""What Discord reports of one member, and what of it counts."""

from dataclasses import replace
from typing import Final

from voxguard.engine.humans import Told, is_by_hand
from voxguard.engine.state import GuildState, MemberState
from voxguard.engine.visits import count, leave, locate
from voxguard.model.ids import ChannelId, RoleId, UserId
from voxguard.model.visits import EndReason
from voxguard.model.world import Member, VoiceState
from voxguard.policy.effects.base import DEAFEN, MUTE, SUPPRESS, Slot, role_slot

OWN_FLAGS: Final = ("self_mute", "self_deaf", "camera", "streaming")
"""What nobody but the member changes, and no effect looks at: only conditions do."""


def member_known(guild: GuildState, known: Member, told: Told | None = None) -> None:
    """Take in the newest word on a member.

    Without `told` no lack of a role is anybody's doing. A partial object leaves out what never
    changes: that keeps what was known of it.
    """
    before = guild.known.get(known.user_id)
    if before is not None and (before.bot > known.bot or known.joined_at is None):
        known = replace(
            known, bot=before.bot or known.bot, joined_at=known.joined_at or before.joined_at
        )
    guild.known[known.user_id] = known
    member = guild.members.get(known.user_id)
    if member is None:
        return
    if take_roles(guild, member, known.roles, told) or known.bot != member.bot:
        member.bot = known.bot
        count(guild, member)
        member.candidates = None
        guild.dirty.add(known.user_id)
    if known.joined_at is not None and known.joined_at != member.joined_at:
        member.joined_at = known.joined_at
        guild.dirty.add(known.user_id)


def take_roles(
    guild: GuildState,
    member: MemberState,
    reported: frozenset[RoleId],
    told: Told | None = None,
) -> bool:
    """Take in which roles a member is reported to have; whether that changes what rules see.

    As with mutes, what differs from the previous report counts, and while a lease of ours is
    on the role only where it is somebody else's hand.
    """
    if reported == member.reported_roles:
        return False
    before = member.reported_roles
    changed = before ^ reported
    if member.enforced.leases:
        changed = frozenset(
            role
            for role in sorted(changed)
            if _counts(
                guild,
                member,
                role_slot(role),
                None if role in guild.deleted_roles else told,
                before=role in before,
            )
        )
    member.reported_roles = reported
    member.own_roles = (member.own_roles - changed) | (reported & changed)
    return see_roles(guild, member)


def see_roles(guild: GuildState, member: MemberState) -> bool:
    """Bring what rules see of a member's roles up to date; whether it has changed."""
    roles = guild.effective_roles(member.own_roles)
    if roles == member.roles:
        return False
    member.roles = roles
    return True


def voice_reported(
    guild: GuildState, state: VoiceState, told: Told, *, is_ours: bool = False
) -> None:
    """Take in a voice state; one that changes nothing concerns nobody.

    Another channel than before is an entry, but where `is_ours` says that nobody went there
    by their own hand, and in a snapshot, since nobody knows when.
    """
    at = told.at
    channel_id = state.channel_id
    if channel_id in guild.deleted_channels:
        channel_id = None
    member = guild.members.get(state.user_id)
    if member is None:
        if channel_id is None:
            return
        member = guild.members[state.user_id] = new_member(guild, state.user_id)
    if _take_flags(guild, member, state, _hands(member, channel_id, told)):
        guild.dirty.add(state.user_id)
    if channel_id is None:
        if member.connected:
            leave(guild, member, at, EndReason.VOXGUARD if is_ours else EndReason.LEFT)
    elif not member.connected or member.channel_id != channel_id:
        member.connected = True
        member.channel_id = channel_id
        member.placed = is_ours
        if not told.live and not guild.seen:
            member.found_in = channel_id
        if told.live and not is_ours:
            member.history.note_entry(channel_id, at, guild.lookback)
            guild.around.entries.note(channel_id, at)
        locate(guild, member)


def _hands(member: MemberState, channel_id: ChannelId | None, told: Told) -> Told | None:
    """What a report may show of hands, which do not reach whoever is not connected."""
    if channel_id is None:
        return None
    return told if member.connected else replace(told, live=False)


def new_member(guild: GuildState, user_id: UserId) -> MemberState:
    """Somebody of whom nothing is remembered, as far as Discord has said who they are."""
    known = guild.known.get(user_id, Member(user_id))
    member = MemberState(
        guild_id=guild.id,
        user_id=user_id,
        bot=known.bot,
        joined_at=known.joined_at,
        around=guild.around,
    )
    take_roles(guild, member, known.roles)
    see_roles(guild, member)
    return member


def _take_flags(
    guild: GuildState, member: MemberState, state: VoiceState, told: Told | None
) -> bool:
    """Whether any flag has changed that somebody asks for."""
    changed = _take_controls(guild, member, state, told)
    for flag in OWN_FLAGS:
        reported = getattr(state, flag)
        if getattr(member, flag) is not reported:
            setattr(member, flag, reported)
            changed = changed or flag in guild.lookback.flags
    return changed


def _take_controls(
    guild: GuildState, member: MemberState, state: VoiceState, told: Told | None
) -> bool:
    """Whether what a moderator or a rule may have done has changed.

    It counts where the report differs from the previous one: a report that repeats itself
    may be older than what a rule has done meanwhile.
    """
    changed = False
    if state.guild_mute is not member.reported_mute:
        before, member.reported_mute = member.reported_mute, state.guild_mute
        if _counts(guild, member, MUTE, told, before=before):
            changed = member.guild_mute is not state.guild_mute
            member.guild_mute = state.guild_mute
    if state.guild_deaf is not member.reported_deaf:
        before, member.reported_deaf = member.reported_deaf, state.guild_deaf
        if _counts(guild, member, DEAFEN, told, before=before):
            changed = changed or member.guild_deaf is not state.guild_deaf
            member.guild_deaf = state.guild_deaf
    if state.suppressed is not member.reported_suppressed:
        before, member.reported_suppressed = member.reported_suppressed, state.suppressed
        # Discord itself changes it with the channel.
        stays = told if state.channel_id == member.channel_id else None
        if _counts(guild, member, SUPPRESS, stays, before=before):
            changed = changed or member.suppressed is not state.suppressed
            member.suppressed = state.suppressed
    return changed


def _counts(
    guild: GuildState, member: MemberState, slot: Slot, told: Told | None, *, before: bool | None
) -> bool:
    """Whether the facts follow a report that has turned.

    While a lease is on it they do only where it is somebody else's hand; else it is our own
    doing, or older than that.
    """
    return slot not in member.enforced.leases or is_by_hand(
        guild, member, slot, told, before=before
    )
