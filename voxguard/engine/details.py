"""The facts that mattered for a decision, as the action log keeps them."""

from collections.abc import Mapping

from voxguard.engine.state import MemberState

FLAGS = (
    "guild_mute",
    "guild_deaf",
    "self_mute",
    "self_deaf",
    "suppressed",
    "camera",
    "streaming",
)


def details_of(member: MemberState, rule: str) -> Mapping[str, object]:
    """JSON values that let a person, and a later run, see why the rule acted."""
    stretch = member.stretches.get(rule)
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
        "visit_since": None if member.visit is None else member.visit.joined_at.isoformat(),
        "matched_since": None if stretch is None else stretch.since_at.isoformat(),
    }
