"""What Discord reports of one member, and what of it counts."""

from collections.abc import Container
from dataclasses import replace
from datetime import datetime
from typing import Final

from voxguard.engine.state import GuildState, MemberState
from voxguard.engine.visits import count, leave, locate
from voxguard.model.ids import RoleId
from voxguard.model.visits import EndReason
from voxguard.model.world import Member, VoiceState
from voxguard.policy.effects.base import DEAFEN, MUTE, SUPPRESS, role_slot

OWN_FLAGS: Final = ("self_mute", "self_deaf", "camera", "streaming")
"""What nobody but the member changes, and no effect looks at: only conditions do."""


def member_known(guild: GuildState, known: Member) -> None:
    """Take in the newest word on a member.

    A partial object leaves out what never changes: that keeps what was known of it.
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
    if take_roles(guild, member, known.roles) or known.bot != member.bot:
        member.bot = known.bot
        count(guild, member)
        member.candidates = None
        guild.dirty.add(known.user_id)
    if known.joined_at is not None and known.joined_at != member.joined_at:
        member.joined_at = known.joined_at
        guild.dirty.add(known.user_id)


def take_roles(guild: GuildState, member: MemberState, reported: frozenset[RoleId]) -> bool:
    """Take in which roles a member is reported to have; whether that changes what rules see.

    As with mutes, what differs from the previous report counts, and not while a lease of
    ours is on the role.
    """
    if reported == member.reported_roles:
        return False
    changed = member.reported_roles ^ reported
    leases = member.enforced.leases
    if leases:
        changed = frozenset(role for role in changed if role_slot(role) not in leases)
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
    guild: GuildState, state: VoiceState, at: datetime, *, entered: bool = True
) -> None:
    """Take in a voice state; one that changes nothing concerns nobody.

    With `entered` off another channel than before is no entry: nobody went there by their
    own hand, or nobody knows when.
    """
    channel_id = state.channel_id
    if channel_id in guild.deleted_channels:
        channel_id = None
    member = guild.members.get(state.user_id)
    if member is None:
        if channel_id is None:
            return
        member = _new_member(guild, state)
    if _take_flags(member, state, guild.lookback.flags):
        guild.dirty.add(state.user_id)
    if channel_id is None:
        if member.connected:
            leave(guild, member, at, EndReason.LEFT)
    elif not member.connected or member.channel_id != channel_id:
        member.connected = True
        member.channel_id = channel_id
        if not entered and not guild.seen:
            member.found_in = channel_id
        if entered:
            member.history.note_entry(channel_id, at, guild.lookback)
            guild.around.entries.note(channel_id, at)
        locate(guild, member)


def _new_member(guild: GuildState, state: VoiceState) -> MemberState:
    known = guild.known.get(state.user_id, Member(state.user_id))
    member = MemberState(
        guild_id=guild.id,
        user_id=state.user_id,
        bot=known.bot,
        joined_at=known.joined_at,
        around=guild.around,
    )
    take_roles(guild, member, known.roles)
    see_roles(guild, member)
    guild.members[state.user_id] = member
    return member


def _take_flags(member: MemberState, state: VoiceState, asked: Container[str]) -> bool:
    """Whether any flag has changed that somebody asks for."""
    changed = _take_controls(member, state)
    for flag in OWN_FLAGS:
        reported = getattr(state, flag)
        if getattr(member, flag) is not reported:
            setattr(member, flag, reported)
            changed = changed or flag in asked
    return changed


def _take_controls(member: MemberState, state: VoiceState) -> bool:
    """Whether what a moderator or a rule may have done has changed.

    It counts where the report differs from the previous one: a report that repeats itself
    may be older than what a rule has done meanwhile. While a lease is on it, what is reported
    is our own doing or somebody's who will be undone.
    """
    changed = False
    if state.guild_mute is not member.reported_mute:
        member.reported_mute = state.guild_mute
        if MUTE not in member.enforced.leases and member.guild_mute is not state.guild_mute:
            member.guild_mute = state.guild_mute
            changed = True
    if state.guild_deaf is not member.reported_deaf:
        member.reported_deaf = state.guild_deaf
        if DEAFEN not in member.enforced.leases and member.guild_deaf is not state.guild_deaf:
            member.guild_deaf = state.guild_deaf
            changed = True
    if state.suppressed is not member.reported_suppressed:
        member.reported_suppressed = state.suppressed
        if SUPPRESS not in member.enforced.leases and member.suppressed is not state.suppressed:
            member.suppressed = state.suppressed
            changed = True
    return changed
