"""Taking up after a restart: what the time away leaves of visits, episodes and leases."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from voxguard.engine.memory import recall
from voxguard.engine.state import GuildState, MemberState, new_episode_id
from voxguard.engine.usage import PastStay
from voxguard.engine.visits import leave_stage
from voxguard.model.decisions import Effect
from voxguard.model.ids import GuildId, RoleId, UserId
from voxguard.model.visits import EndReason
from voxguard.policy.effects.base import DEAFEN, MUTE, SUPPRESS, role_slot

LONGEST_ABSENCE = timedelta(minutes=5)
"""How long nobody may have watched for a stay to count as unbroken."""

Memory = tuple[GuildId, UserId, bytes]


def restore_guilds(
    memories: Iterable[Memory], alive_at: datetime, now: datetime
) -> tuple[dict[GuildId, GuildState], list[str]]:
    """The guilds as they were at `alive_at`, to be compared with their next GUILD_CREATE.

    After a longer absence every visit ended when it was last seen, and with it the
    stretches and episodes; leases stay, since what they hold is still in place. A memory
    that is damaged is left out, and said whose it is.
    """
    guilds: dict[GuildId, GuildState] = {}
    damaged = []
    for guild_id, user_id, memory in memories:
        try:
            member = recall(guild_id, user_id, memory)
        except ValueError as error:
            damaged.append(f"member {user_id} of guild {guild_id}: {error}")
            continue
        guild = guilds.setdefault(guild_id, GuildState(guild_id, alive_at=alive_at, seen=True))
        member.around = guild.around
        guild.members[user_id] = member
        if now - alive_at >= LONGEST_ABSENCE:
            _end(guild, member, alive_at, EndReason.LOST)
    return guilds, damaged


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
    leases = member.enforced.leases
    match effect:
        case Effect.MUTE | Effect.UNMUTE:
            if MUTE in leases:
                member.reported_mute = None
        case Effect.DEAFEN | Effect.UNDEAFEN:
            if DEAFEN in leases:
                member.reported_deaf = None
        case Effect.SUPPRESS | Effect.UNSUPPRESS:
            if SUPPRESS in leases:
                member.reported_suppressed = None
        case Effect.GRANT | Effect.REVOKE:
            if role_id is not None and role_slot(role_id) in leases:
                member.reported_roles -= {role_id}
        case _:
            pass


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
    member.visit = member.visit_anchor = None
    member.settled_id = None
    member.stretches.clear()
    member.enforced.placement = None
    member.observed.placement = None
