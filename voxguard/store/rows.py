"""Rows as they lie in the outbox: what the model's records become, and back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

import orjson

from voxguard.model.decisions import Decision, Effect, Mode, Outcome
from voxguard.model.ids import ChannelId, GuildId, UserId
from voxguard.model.visits import Visit
from voxguard.ports.outbox import UnfinishedDecision

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


class ActionRow(NamedTuple):
    """A decision and what became of it; instants in microseconds since 1970, objects as JSON."""

    id: bytes
    decided_at: int
    episode: bytes
    guild_id: int
    user_id: int
    channel_id: int | None
    rule: str
    effect: str
    mode: str
    is_release: int
    reason: str
    params: str
    details: str
    policy_revision: str
    outcome: str | None
    error: str | None
    executed_at: int | None
    change: int


class VisitRow(NamedTuple):
    """A visit, open or closed; instants in microseconds since 1970."""

    id: bytes
    joined_at: int
    guild_id: int
    user_id: int
    channel_id: int
    left_at: int | None
    end_reason: str | None
    policy_revision: str
    change: int


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows on their way to the database; `change` tells which writing of a row was read."""

    actions: tuple[ActionRow, ...] = ()
    visits: tuple[VisitRow, ...] = ()

    def __len__(self) -> int:
        return len(self.actions) + len(self.visits)

    def halves(self) -> "tuple[Rows, Rows]":
        """The same rows in two parts, for finding those that cannot be written."""
        actions, visits = len(self.actions) // 2, len(self.visits) // 2
        if len(self) == 2 and self.actions and self.visits:
            return Rows(actions=self.actions), Rows(visits=self.visits)
        return (
            Rows(self.actions[:actions], self.visits[:visits]),
            Rows(self.actions[actions:], self.visits[visits:]),
        )

    @property
    def key(self) -> str:
        """The id of the first row."""
        first = self.actions[0] if self.actions else self.visits[0]
        return str(UUID(bytes=first.id))


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows that the database does not have yet, and rows that it refused."""

    waiting: int
    refused: int


def to_micros(instant: datetime) -> int:
    """Exact microseconds since 1970, where a float would be rounded."""
    return (instant - _EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    """The instant in UTC."""
    return _EPOCH + timedelta(microseconds=micros)


def action_row(decision: Decision, policy_revision: str, change: int) -> ActionRow:
    """The row of a decision whose outcome is not known yet.

    Raises:
        TypeError, ValueError: Its params or details are not JSON.
    """
    return ActionRow(
        decision.id.bytes,
        to_micros(decision.decided_at),
        decision.episode_id.bytes,
        decision.guild_id,
        decision.user_id,
        decision.channel_id,
        decision.rule,
        decision.effect,
        decision.mode,
        decision.release,
        decision.reason,
        _to_json(decision.params),
        _to_json(decision.details),
        policy_revision,
        None,
        None,
        None,
        change,
    )


def unfinished_decision(row: ActionRow) -> UnfinishedDecision:
    """The decision as it was when it was recorded."""
    details = orjson.loads(row.details)
    decision = Decision(
        id=UUID(bytes=row.id),
        episode_id=UUID(bytes=row.episode),
        decided_at=from_micros(row.decided_at),
        guild_id=GuildId(row.guild_id),
        user_id=UserId(row.user_id),
        channel_id=None if row.channel_id is None else ChannelId(row.channel_id),
        rule=row.rule,
        effect=Effect(row.effect),
        mode=Mode(row.mode),
        release=bool(row.is_release),
        fused=details.get("fused") is True,
        yielded=details.get("yielded") is True,
        reason=row.reason,
        params=orjson.loads(row.params),
        details=details,
    )
    outcome = None if row.outcome is None else Outcome(row.outcome)
    return UnfinishedDecision(decision, row.policy_revision, outcome)


def visit_row(visit: Visit, policy_revision: str, change: int) -> VisitRow:
    """The row of a visit."""
    return VisitRow(
        visit.id.bytes,
        to_micros(visit.joined_at),
        visit.guild_id,
        visit.user_id,
        visit.channel_id,
        None if visit.left_at is None else to_micros(visit.left_at),
        visit.end_reason,
        policy_revision,
        change,
    )


def open_visit(row: VisitRow) -> Visit:
    """The visit of a row that is not closed."""
    return Visit(
        id=UUID(bytes=row.id),
        guild_id=GuildId(row.guild_id),
        user_id=UserId(row.user_id),
        channel_id=ChannelId(row.channel_id),
        joined_at=from_micros(row.joined_at),
    )


def _to_json(value: Mapping[str, object]) -> str:
    return orjson.dumps(value, default=_plain).decode()


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} is not a JSON value")
