"""Events into tables: each changes the facts of a guild and says whom that concerns."""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from voxguard.engine.corrections import correct
from voxguard.engine.humans import Told
from voxguard.engine.reports import member_known, see_roles, voice_reported
from voxguard.engine.state import GuildState, MemberState
from voxguard.engine.visits import end_role_leases, end_visit, held_roles, leave, locate
from voxguard.model.events import (
    NO_ECHOES,
    ChannelChanged,
    ChannelDeleted,
    EchoMissed,
    EnforcementFailed,
    Event,
    GuildAppeared,
    GuildChanged,
    GuildVanished,
    HandSeen,
    MemberChanged,
    MemberRemoved,
    RoleChanged,
    RoleDeleted,
    VoiceStateChanged,
)
from voxguard.model.ids import ChannelId, RoleId, UserId
from voxguard.model.visits import EndReason
from voxguard.model.world import Channel, ChannelKind, GuildSnapshot, VoiceState


def apply_event(guild: GuildState, event: Event, at: datetime) -> None:
    """Take one event in; nobody is decided yet.

    Before its first GUILD_CREATE, and while it is unavailable, a guild's events are
    ignored: that snapshot will say everything but what became of our own edits.
    """
    if guild.available or isinstance(event, GuildAppeared):
        _take_in(guild, event, at)
    elif guild.awaited and isinstance(event, EnforcementFailed | EchoMissed):
        correct(guild, event, at)


def _take_in(guild: GuildState, event: Event, at: datetime) -> None:
    match event:
        # Nearly all events are of this kind, and cases are tried in order.
        case VoiceStateChanged(state=state, member=known, is_ours=is_ours):
            told = Told(at, event.echoes, event.by)
            if known is not None:
                member_known(guild, known, told)
            voice_reported(guild, state, told, is_ours=is_ours)
        case GuildAppeared():
            _appear(guild, event, at)
        case GuildChanged():
            _change_guild(guild, event)
        case GuildVanished():
            _vanish(guild, _watched_until(event, at))
        case MemberChanged(member=known):
            member_known(guild, known, Told(at, event.echoes, event.by))
        case MemberRemoved(user_id=user_id):
            _remove(guild, user_id, at)
        case EnforcementFailed() | HandSeen() | EchoMissed():
            correct(guild, event, at)
        case RoleChanged() | RoleDeleted() | ChannelChanged() | ChannelDeleted():
            _change_table(guild, event, at)
        case _:
            assert_never(event)


def _change_table(
    guild: GuildState,
    event: RoleChanged | RoleDeleted | ChannelChanged | ChannelDeleted,
    at: datetime,
) -> None:
    match event:
        case RoleChanged(role=role):
            guild.set_role(role)
            guild.dirty.update(guild.members)
        case RoleDeleted(role_id=role_id):
            _delete_role(guild, role_id)
        case ChannelChanged(channel=channel):
            _change_channel(guild, channel)
        case ChannelDeleted(channel_id=channel_id):
            _delete_channel(guild, channel_id, at)
        case _:
            assert_never(event)


def _appear(guild: GuildState, event: GuildAppeared, at: datetime) -> None:
    snapshot, watched_until = event.guild, _watched_until(event, at)
    guild.available = True
    is_first = not guild.seen or guild.alive_at is not None
    gone = _deleted_meanwhile(guild, snapshot)
    guild.deleted_roles.update(gone)
    _take_tables(guild, event, at)
    present = {
        state.user_id: state
        for state in snapshot.voice_states
        if state.channel_id is not None and state.channel_id not in guild.deleted_channels
    }
    for user_id, member in guild.members.items():
        if member.connected:
            _compare(guild, member, present.get(user_id), watched_until)
    for state in present.values():
        echoes = event.echoes.get(state.user_id, NO_ECHOES)
        voice_reported(guild, state, Told(at, echoes, live=False))
    guild.alive_at = None
    for member in guild.members.values():
        # Whoever the first snapshot finds, also that of another run, is decided because there
        # are rules now.
        member.planned = member.planned or is_first
        # The roles, channels and owner may have changed unseen, so everybody is looked at.
        end_role_leases(member, gone)
        see_roles(guild, member)
        locate(guild, member)
    guild.seen = True


def _watched_until(event: GuildAppeared | GuildVanished, at: datetime) -> datetime:
    """When what this event tells of may have happened at the earliest."""
    return at if event.watched_at is None else min(event.watched_at, at)


def _deleted_meanwhile(guild: GuildState, snapshot: GuildSnapshot) -> set[RoleId]:
    """The roles of which a snapshot says that they are no longer there.

    A guild has @everyone at least: what a table leaves out is not there any more. After a
    restart no table is known, but what is remembered of members.
    """
    if not snapshot.roles:
        return set()
    before = set(guild.roles)
    if guild.alive_at is not None:
        for member in guild.members.values():
            before |= held_roles(member) | member.own_roles
    return before - {role.id for role in snapshot.roles}


def _take_tables(guild: GuildState, event: GuildAppeared, at: datetime) -> None:
    snapshot = event.guild
    guild.owner_id = snapshot.owner_id
    guild.afk_channel_id = snapshot.afk_channel_id
    guild.roles.clear()
    guild.admin_roles.clear()
    for role in snapshot.roles:
        guild.set_role(role)
    guild.around.set_channels(snapshot.channels)
    guild.deleted_channels.difference_update(guild.channels)
    for member in snapshot.members:
        echoes = event.echoes.get(member.user_id, NO_ECHOES)
        member_known(guild, member, Told(at, echoes, live=False))


def _compare(
    guild: GuildState, member: MemberState, state: VoiceState | None, at: datetime
) -> None:
    """End the visit of somebody who is not where they were when they were last seen, at `at`."""
    if state is None:
        leave(guild, member, at, EndReason.LOST)
    elif state.channel_id not in (member.channel_id, member.settled_id):
        end_visit(guild, member, at, EndReason.LOST)
        if guild.alive_at is not None:
            # Nobody watched: a `for` runs on only where the member still is.
            member.stretches.clear()


def _change_guild(guild: GuildState, event: GuildChanged) -> None:
    guild.owner_id = event.owner_id
    guild.afk_channel_id = event.afk_channel_id
    if event.roles:
        for gone in guild.roles.keys() - {role.id for role in event.roles}:
            _delete_role(guild, gone)
    for role in event.roles:
        guild.set_role(role)
    guild.dirty.update(guild.members)


def _vanish(guild: GuildState, at: datetime) -> None:
    guild.available = False
    for member in guild.members.values():
        if member.connected:
            leave(guild, member, at, EndReason.LOST)


def _remove(guild: GuildState, user_id: UserId, at: datetime) -> None:
    guild.known.pop(user_id, None)
    member = guild.members.get(user_id)
    if member is None:
        return
    if member.connected:
        leave(guild, member, at, EndReason.LEFT)
    guild.touched.add(user_id)
    guild.dirty.discard(user_id)
    if not member.history:
        del guild.members[user_id]
        return
    # Who comes back has entered, used and done what they have.
    again = guild.members[user_id] = MemberState(
        guild_id=guild.id, user_id=user_id, around=guild.around, history=member.history
    )
    see_roles(guild, again)
    guild.dirty.add(user_id)


def _delete_role(guild: GuildState, role_id: RoleId) -> None:
    if role_id in guild.deleted_roles:
        # What was begun since then is a decision about a role that is not there.
        return
    guild.roles.pop(role_id, None)
    guild.admin_roles.discard(role_id)
    guild.deleted_roles.add(role_id)
    for member in guild.members.values():
        ended = end_role_leases(member, {role_id})
        if see_roles(guild, member):
            member.candidates = None
        elif not ended:
            continue
        guild.dirty.add(member.user_id)


def _change_channel(guild: GuildState, channel: Channel) -> None:
    guild.around.set_channel(channel)
    guild.deleted_channels.discard(channel.id)
    _past_may_differ(guild)
    for member in guild.members.values():
        if member.connected and member.channel_id == channel.id:
            locate(guild, member)


def _past_may_differ(guild: GuildState) -> None:
    """Used time counts by what channels are now, also where somebody was before."""
    if guild.lookback.stays_for:
        guild.dirty.update(guild.members)


def _delete_channel(guild: GuildState, channel_id: ChannelId, at: datetime) -> None:
    removed = guild.around.drop_channel(channel_id)
    guild.deleted_channels.add(channel_id)
    _past_may_differ(guild)
    if removed is not None and removed.kind is ChannelKind.CATEGORY:
        for child in tuple(guild.channels.values()):
            if child.parent_id == channel_id:
                _change_channel(guild, replace(child, parent_id=None))
    for member in guild.members.values():
        if member.connected and member.channel_id == channel_id:
            leave(guild, member, at, EndReason.LEFT)
