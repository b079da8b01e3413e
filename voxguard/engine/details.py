"""The facts that mattered for a decision, as the action log keeps them."""

from collections.abc import Mapping
from datetime import datetime

from voxguard.engine.index import IndexedRule
from voxguard.engine.readings import read
from voxguard.engine.state import MemberState
from voxguard.policy.conditions.channel_entries import HasChannelEntries
from voxguard.policy.conditions.entries import HasEntries
from voxguard.policy.conditions.time_used import HasTimeUsed

FLAGS = (
    "guild_mute",
    "guild_deaf",
    "self_mute",
    "self_deaf",
    "suppressed",
    "camera",
    "streaming",
)


_OF_THE_PAST = (HasEntries, HasChannelEntries, HasTimeUsed)
"""Conditions on what nobody could tell from the other facts."""


def details_of(
    member: MemberState, name: str, rule: IndexedRule | None, at: datetime
) -> Mapping[str, object]:
    """JSON values that let a person, and a later run, see why the rule acted.

    `rule` is None where there is none of that name any more.
    """
    stretch = member.stretches.get(name)
    episode = None if stretch is None else stretch.episode
    conditions = () if rule is None or not member.connected else rule.rule.all_conditions
    return {
        "channel": str(member.channel_id) if member.connected else None,
        "occupancy": member.occupancy
        if member.around.occupancy.active and member.connected
        else None,
        "category": None if member.category_id is None else str(member.category_id),
        "roles": [str(role) for role in sorted(member.roles)],
        "bot": member.bot,
        "joined_at": None if member.joined_at is None else member.joined_at.isoformat(),
        "flags": [flag for flag in FLAGS if getattr(member, flag)],
        "visit_since": None if member.here_since is None else member.here_since.isoformat(),
        "matched_since": None if stretch is None else stretch.since_at.isoformat(),
        "step": None if episode is None else episode.step + 1,
        "past": {
            each.path: read(each, member, at)
            for each in conditions
            if isinstance(each, _OF_THE_PAST)
        },
    }
