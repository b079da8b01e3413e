"""Records for tests of the store."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

from voxguard.model.decisions import Decision, Effect, Mode, Outcome
from voxguard.model.ids import ChannelId, GuildId, UserId
from voxguard.model.visits import EndReason, Visit
from voxguard.ports.outbox import OutcomeRecord

NOON = datetime(2026, 3, 2, 12, 0, 0, 123_456, tzinfo=UTC)


def decision(
    number: int = 1,
    *,
    at: datetime = NOON,
    rule: str = "lobby-time-limit",
    params: Mapping[str, object] | None = None,
    details: Mapping[str, object] | None = None,
) -> Decision:
    """A decision that is told from others by its number."""
    return Decision(
        id=UUID(int=number),
        episode_id=UUID(int=number + 1_000_000),
        decided_at=at,
        guild_id=GuildId(110373943822540800),
        user_id=UserId(80351110224678912),
        channel_id=ChannelId(110373943822540801),
        rule=rule,
        effect=Effect.MOVE,
        mode=Mode.ENFORCE,
        reason="An hour is enough.",
        params={"channel": "1"} if params is None else params,
        details={"since": "2026-03-02T11:00:00Z"} if details is None else details,
    )


def outcome(
    number: int = 1,
    what: Outcome | None = Outcome.APPLIED,
    *,
    at: datetime = NOON,
    error: str | None = None,
) -> OutcomeRecord:
    """How the decision of this number went, a second later."""
    return OutcomeRecord(UUID(int=number), at, what, error, at + timedelta(seconds=1))


def visit(number: int = 1, *, at: datetime = NOON, ended: EndReason | None = None) -> Visit:
    """A visit, which lasts a minute if it has ended."""
    return Visit(
        id=UUID(int=number),
        guild_id=GuildId(110373943822540800),
        user_id=UserId(80351110224678912),
        channel_id=ChannelId(110373943822540801),
        joined_at=at,
        left_at=at + timedelta(minutes=1) if ended else None,
        end_reason=ended,
    )
