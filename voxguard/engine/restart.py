"""Taking up after a restart: what the time away leaves of visits, episodes and leases."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from voxguard.engine.memory import recall
from voxguard.engine.reported import held_slot, reported, set_reported
from voxguard.engine.shift import Shift, shift_member
from voxguard.engine.state import GuildState, MemberState, new_episode_id
from voxguard.engine.usage import PastStay
from voxguard.engine.visits import leave_stage
from voxguard.model.decisions import ENDED, Effect
from voxguard.model.ids import GuildId, RoleId, UserId
from voxguard.model.visits import EndReason
from voxguard.policy.effects.base import DEAFEN, MUTE, SUPPRESS, Slot, role_slot

LONGEST_ABSENCE = timedelta(minutes=5)
"""How long nobody may have watched for a stay to count as unbroken."""

_NONE = timedelta()
_NOTICED = timedelta(seconds=1)

Memory = tuple[GuildId, UserId, bytes]


def restore_guilds(
    memories: Iterable[Memory],
    alive_at: datetime,
    now: datetime,
    lasted: timedelta | None = None,
) -> tuple[dict[GuildId, GuildState], list[str]]:
    """The guilds as they were at `alive_at`, to be compared with their next GUILD_CREATE.

    After a longer absence every visit ended when it was last seen, and with it the
    stretches and episodes; leases stay, since what they hold is still in place. A memory
    that is damaged is left out, and said whose it is.

    `lasted` is how long the absence was, where anything but the wall clock tells. What that
    clock shows otherwise it was stepped by meanwhile, and all is told anew by it. A clock
    that shows less than at `alive_at` was set back, and nobody knows how long ago.
    """
    guilds: dict[GuildId, GuildState] = {}
    damaged = []
    by, is_long = time_away(now - alive_at, lasted)
    for guild_id, user_id, memory in memories:
        try:
            member = recall(guild_id, user_id, memory)
        except ValueError as error:
            damaged.append(f"member {user_id} of guild {guild_id}: {error}")
            continue
        guild = guilds.setdefault(guild_id, GuildState(guild_id, alive_at=alive_at + by, seen=True))
        member.around = guild.around
        guild.members[user_id] = member
        if is_long:
            _end(guild, member, alive_at, EndReason.LOST)
        if by:
            shift_member(member, Shift(by, now))
            guild.touched.add(user_id)
    return guilds, damaged


def time_away(shown: timedelta, lasted: timedelta | None) -> tuple[timedelta, bool]:
    """By how much the wall clock was stepped meanwhile, and whether the absence was long."""
    if lasted is None:
        return min(shown, _NONE), not -_NOTICED <= shown < LONGEST_ABSENCE
    by = shown - lasted
    return by if abs(by) > _NOTICED else _NONE, lasted >= LONGEST_ABSENCE


def lose_sight(guild: GuildState, watched_at: datetime, now: datetime) -> None:
    """Nobody has watched a guild since an instant: it is as after a restart.

    Its next GUILD_CREATE will say what has become of it.
    """
    guild.available = False
    guild.alive_at = watched_at
    if now - watched_at >= LONGEST_ABSENCE:
        for member in guild.members.values():
            _end(guild, member, watched_at, EndReason.LOST)
    guild.touched.update(guild.members)


def forget_placement(member: MemberState, rule: str, effect: Effect, at: datetime) -> None:
    """Let a rule place a member anew, since nobody knows what became of its last decision.

    That is another episode, from `at` on, in which all else that was done stays done.
    """
    stretch = member.stretches.get(rule)
    if stretch is not None and stretch.episode is not None:
        episode = stretch.episode
        episode.done.discard(effect)
        episode.began_at, episode.id = at, new_episode_id(member, rule, at)
    member.enforced.placement = None


def forget_report(member: MemberState, effect: Effect, role_id: RoleId | None) -> None:
    """Take nothing that is reported next for somebody's hand: a request of ours is in doubt.

    Only what is held can be undone, and without a lease the facts follow the reports.
    """
    slot = held_slot(effect, role_id)
    if slot is not None and slot in member.enforced.leases:
        set_reported(member, slot, role_id, on=None)


def trust_facts(member: MemberState, doubted: Collection[Slot]) -> None:
    """Compare what is reported next with what decisions have done, but for those in doubt.

    They had their answers, and what has shown that may not have reached the disk.
    """
    for slot, is_on in (
        (MUTE, member.guild_mute),
        (DEAFEN, member.guild_deaf),
        (SUPPRESS, member.suppressed),
    ):
        if slot not in doubted and reported(member, slot, None) is not None:
            set_reported(member, slot, None, on=is_on)
    for role in member.own_roles ^ member.reported_roles:
        if role_slot(role) not in doubted:
            set_reported(member, role_slot(role), role, on=role in member.own_roles)


def is_let_go(member: MemberState | None, effect: Effect, role_id: RoleId | None) -> bool:
    """Whether nothing is held by what was to be held when the last run ended."""
    slot = None if effect in ENDED else held_slot(effect, role_id)
    return slot is not None and (member is None or slot not in member.enforced.leases)


def end_placed(guild: GuildState, alive_at: datetime) -> None:
    """End the visits in which a placement was carried out, though no report has shown it.

    Whoever is found where they were has come back, and is decided like anybody who enters.
    """
    for member in guild.members.values():
        if member.enforced.placement is not None:
            _end(guild, member, alive_at, EndReason.VOXGUARD)


def _end(guild: GuildState, member: MemberState, alive_at: datetime, reason: EndReason) -> None:
    visit = member.visit
    if visit is not None:
        leave_stage(member)
        since_at = member.visit_anchor or visit.joined_at
        left_at = max(visit.joined_at, alive_at)
        guild.visits.append(replace(visit, left_at=left_at, end_reason=reason))
        past = PastStay(visit.channel_id, since_at, max(since_at, alive_at))
        # Whether any rule asks for it may not be known yet.
        member.history.stays.append(past)
        member.history.usage.clear()
    # Whoever is killed before the guild is seen must not find the old visit going on.
    guild.touched.add(member.user_id)
    member.visit = member.visit_anchor = None
    member.settled_id = None
    member.stretches.clear()
    member.enforced.placement = None
    member.observed.placement = None
