"""The parts of the status, each as JSON."""

from datetime import UTC, datetime
from typing import Any, overload

from voxguard.daemon.guild_counts import count_guild
from voxguard.daemon.insight import Insight
from voxguard.model.instants import instant_text
from voxguard.model.problems import problem_as_json


@overload
def instant(at: datetime) -> str: ...
@overload
def instant(at: datetime | None) -> str | None: ...
def instant(at: datetime | None) -> str | None:
    """An instant in UTC, with a fraction only where it is not zero."""
    return None if at is None else instant_text(at.astimezone(UTC))


def policies(insight: Insight) -> dict[str, Any]:
    """What is in force, and what is the matter with the files."""
    status = insight.policies.status
    return {
        "revision": insight.engine.index.revision or None,
        "since": instant(status.since or insight.started_at),
        "state": status.word(),
        "last_good": status.from_last_good,
        "in_force": status.in_force,
        "staged": status.staged or None,
        "failure": status.failure,
        "not_kept": status.not_kept,
        "waiting": insight.policies.waiting,
        "problems": [problem_as_json(each) for each in status.problems],
    }


def gateway(insight: Insight) -> dict[str, Any]:
    """The connection to Discord."""
    status = insight.gateway.status
    return {
        "connected": status.is_connected,
        "shards": status.shard_count,
        "shards_connected": len(status.connected),
        "sessions_started": insight.core.sessions["READY"],
        "sessions_resumed": insight.core.sessions["RESUMED"],
        "last_error": status.last_error,
    }


def database(insight: Insight) -> dict[str, Any]:
    """The way of rows into PostgreSQL."""
    status = insight.handover.status
    return {
        "connected": status.connected,
        "waiting_rows": status.waiting_rows,
        "refused_rows": status.refused_rows,
        "last_error": status.last_error,
        "past_unread": [str(guild_id) for guild_id in insight.core.recalled.guilds],
    }


def recording(insight: Insight) -> dict[str, Any]:
    """The disk: while it takes nothing, nothing is done to anybody."""
    set_aside = insight.set_aside
    return {
        "failure": insight.core.ledger.failure,
        "outbox_set_aside": None if set_aside is None else str(set_aside),
        "records_left_out": insight.core.ledger.left_out,
    }


def enforcement(insight: Insight) -> dict[str, Any]:
    """The queue in front of Discord."""
    stats = insight.core.enforcement.stats
    return {
        "waiting": stats.waiting,
        "pending": stats.pending,
        "deferred": stats.deferred,
        "in_flight": stats.in_flight,
        "paused": [{"guild": str(guild_id), "kind": kind} for guild_id, kind in stats.paused],
        "requests": stats.requests,
        "refused": stats.refused,
        "rate_limited": {
            "user": stats.rate_limited_user,
            "global": stats.rate_limited_global,
            "shared": stats.rate_limited_shared,
        },
        "unreachable": stats.unreachable,
        "invalid_lately": stats.invalid_lately,
        "invalid_left": stats.invalid_left,
    }


def guilds(insight: Insight) -> list[dict[str, Any]]:
    """Those with policies, and those that were seen."""
    engine = insight.engine
    announced = insight.gateway.status.announced
    found = []
    for guild_id in sorted({*engine.index.guilds, *(guild.id for guild in engine.guilds)}):
        guild = engine.guild(guild_id)
        counts = None if guild is None else count_guild(guild)
        found.append(
            {
                "guild": str(guild_id),
                "has_policies": guild_id in engine.index.guilds,
                "bot_is_member": guild_id in announced,
                "available": guild is not None and guild.available,
                "connected": 0 if counts is None else counts.connected,
                "leases": {} if counts is None else dict(sorted(counts.leases.items())),
            }
        )
    return found
