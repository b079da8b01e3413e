"""Fuses as JSON."""

from typing import Any

from voxguard.daemon.control.report import instant
from voxguard.daemon.fuse_states import FuseState, fuse_states
from voxguard.daemon.insight import Insight


def describe(state: FuseState) -> dict[str, Any]:
    """One fuse."""
    return {
        "guild": str(state.guild_id),
        "rule": state.rule,
        "blown_at": instant(state.blown_at),
        "members": state.fuse.members,
        "within_seconds": state.fuse.within.total_seconds(),
        "counted": state.counted,
        "observed": state.observed,
    }


def blown_fuses(insight: Insight) -> list[dict[str, Any]]:
    """The blown ones alone."""
    states = fuse_states(insight.engine, insight.now())
    return [describe(each) for each in states if each.blown_at is not None]
