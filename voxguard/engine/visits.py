"""Visits: where a member is, since when, and how each stay ended."""

from collections.abc import Iterable
from datetime import datetime

from voxguard.engine.index import GuildIndex
from voxguard.engine.naming import make_id
from voxguard.engine.state import GuildState, MemberState
from voxguard.engine.usage import PastStay
from voxguard.model.ids import RoleId
from voxguard.model.visits import EndReason, Visit
from voxguard.policy.effects.base import SUPPRESS, role_slot


def locate(guild: GuildState, member: MemberState) -> None:
    """Bring what is known of the member's channel up to date and have them decided."""
    member.category_id, member.channel_kind = guild.around.look_up(member.channel_id)
    member.candidates = None
    count(guild, member)
    guild.dirty.add(member.user_id)


def count(guild: GuildState, member: MemberState) -> None:
    """Count the member where they are now, and nowhere else; where nobody asks, do nothing."""
    if not guild.occupancy.active:
        return
    channel_id = member.channel_id if member.connected else None
    guild.occupancy.place(member.user_id, channel_id, bot=member.bot)


def look_at_occupants(guild: GuildState, index: GuildIndex | None, at: datetime) -> None:
    """Have those decided whose channel has so many people now, or so many entries, or no more.

    Only a number matters at which some rule sees it otherwise. To be asked when all events
    of an instant are applied: who only passes through a channel makes no difference to the
    count of those in it.
    """
    asked = index is not None and index.watches_channels
    if asked is not guild.occupancy.active:
        _begin_or_cease(guild, active=asked)
    if not asked:
        return
    crowded = guild.occupancy.turned(guild.lookback.crowds)
    rushed = guild.around.entries.turned(at)
    for channel_id in {*crowded, *rushed} if crowded or rushed else ():
        for user_id in guild.occupancy.present(channel_id):
            candidates = guild.members[user_id].candidates
            if candidates is None or any(rule.watches_channel for rule in candidates):
                guild.dirty.add(user_id)


def _begin_or_cease(guild: GuildState, *, active: bool) -> None:
    guild.occupancy.begin(active=active)
    for member in guild.members.values():
        count(guild, member)


def leave(guild: GuildState, member: MemberState, at: datetime, reason: EndReason) -> None:
    """The member is out of voice: every stretch and episode ends at once.

    Leases end when the member is decided next, at this same instant.
    """
    end_visit(guild, member, at, reason)
    member.connected = False
    member.found_in = None
    count(guild, member)
    member.left = True
    member.settled_id = None
    member.stretches.clear()
    member.enforced.placement = None
    member.observed.placement = None
    member.candidates = None
    guild.dirty.add(member.user_id)


def settle(guild: GuildState, index: GuildIndex, member: MemberState, at: datetime) -> None:
    """Begin a visit where the member is at the end of an instant.

    A channel that was only passed through within the instant leaves no visit.
    """
    is_settled = member.visit is not None and member.channel_id == member.settled_id
    if not member.connected or is_settled:
        return
    end_visit(guild, member, at, EndReason.VOXGUARD if member.placed else EndReason.MOVED)
    for name in [name for name, stretch in member.stretches.items() if stretch.in_channel]:
        del member.stretches[name]
    member.enforced.placement = None
    member.observed.placement = None
    member.settled_id = member.channel_id
    member.candidates = None
    member.judged = frozenset() if member.found_in == member.channel_id else index.sparing
    member.found_in = None
    member.visit = Visit(
        id=make_id(guild.id, member.user_id, member.channel_id, at.isoformat()),
        guild_id=guild.id,
        user_id=member.user_id,
        channel_id=member.channel_id,
        joined_at=at,
    )
    guild.visits.append(member.visit)


def end_visit(guild: GuildState, member: MemberState, at: datetime, reason: EndReason) -> None:
    """Close the present visit, if there is one."""
    visit = member.visit
    if visit is None:
        return
    since_at = member.visit_anchor or visit.joined_at
    member.visit = member.visit_anchor = None
    leave_stage(member)
    if reason is EndReason.LOST:
        at = max(since_at, guild.alive_at or at)
    # A clock that was set back in the visit makes no row that ends before it begins.
    left_at = max(visit.joined_at, at)
    # Not dataclasses.replace, which costs three times as much at every end of a visit.
    closed = Visit(
        visit.id, visit.guild_id, visit.user_id, visit.channel_id, visit.joined_at, left_at, reason
    )
    guild.visits.append(closed)
    past = PastStay(visit.channel_id, since_at, at)
    member.history.note_stay(past, guild.lookback, guild.around)


def end_role_leases(member: MemberState, deleted: Iterable[RoleId]) -> bool:
    """Leases on roles that are deleted end in silence: nobody has those any more.

    Whether there was any, so that the member is to be decided.
    """
    found = False
    for slot in map(role_slot, deleted):
        for layer in (member.enforced, member.observed):
            found |= layer.leases.pop(slot, None) is not None
    return found


def held_roles(member: MemberState) -> set[RoleId]:
    """The roles that leases are on."""
    return {
        lease.role_id
        for layer in (member.enforced, member.observed)
        for leases in layer.leases.values()
        for lease in leases.values()
        if lease.role_id is not None
    }


def leave_stage(member: MemberState) -> None:
    """The audience is that of a stage: what was held there ends with the visit, in silence."""
    if member.enforced.leases.pop(SUPPRESS, None) is not None:
        member.suppressed = bool(member.reported_suppressed)
    member.observed.leases.pop(SUPPRESS, None)
