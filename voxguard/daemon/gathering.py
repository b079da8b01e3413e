"""What waits to be recorded: gathered, of each thing the newest word alone, and counted."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from uuid import UUID

from voxguard.model.decisions import Decision
from voxguard.model.ids import GuildId, UserId
from voxguard.model.visits import Visit
from voxguard.ports.outbox import MemberRecord, OutboxBatch, OutcomeRecord

_Key = tuple[GuildId, UserId]


class Gathering:
    """Records on their way into one batch.

    A newer memory of a member takes the place of an older one, and so do the end of a visit
    and the outcome of a decision: what is gathered for hours is no more than what there is.
    """

    def __init__(self) -> None:
        """Begin with nothing."""
        self._decisions: list[Decision] = []
        self._outcomes: dict[UUID, OutcomeRecord] = {}
        self._visits: dict[UUID, Visit] = {}
        self._members: dict[_Key, MemberRecord] = {}
        self._meta: dict[str, str] = {}

    def __len__(self) -> int:
        """How many records there are that others of their kind do not take the place of."""
        return len(self._decisions) + len(self._visits)

    def __bool__(self) -> bool:
        """Whether anything was gathered."""
        return bool(len(self) or self._outcomes or self._members or self._meta)

    def add(
        self,
        decisions: Iterable[Decision],
        outcomes: Iterable[OutcomeRecord],
        visits: Iterable[Visit],
        members: Iterable[MemberRecord],
        meta: Mapping[str, str],
    ) -> None:
        """Take more in."""
        self._decisions += decisions
        for outcome in outcomes:
            known = self._outcomes.get(outcome.decision_id)
            # What is final stays what it was first, on disk as here.
            if known is None or known.outcome is None or not known.outcome.is_final:
                self._outcomes[outcome.decision_id] = outcome
        for visit in visits:
            if (before := self._visits.get(visit.id)) is None or before.left_at is None:
                self._visits[visit.id] = visit
        self._members |= {(each.guild_id, each.user_id): each for each in members}
        self._meta |= meta

    def batch(self, policy_revision: str, alive_at: datetime) -> OutboxBatch:
        """All of it as one batch."""
        return OutboxBatch(
            policy_revision=policy_revision,
            decisions=tuple(self._decisions),
            outcomes=tuple(self._outcomes.values()),
            visits=tuple(self._visits.values()),
            members=tuple(self._members.values()),
            alive_at=alive_at,
            meta=self._meta,
        )


def parts(batch: OutboxBatch) -> tuple[OutboxBatch, ...]:
    """A batch in pieces, in order; none if it is a single record.

    There is one for each member, and each record that belongs to no member has its own. A
    batch about one member comes apart into records, the memory first.
    """
    revision = batch.policy_revision
    keys = dict.fromkeys(_members(batch))
    pieces = [_of_member(batch, key) for key in keys]
    pieces += [OutboxBatch(revision, outcomes=(each,)) for each in batch.outcomes]
    pieces += [OutboxBatch(revision, meta={key: value}) for key, value in batch.meta.items()]
    if batch.alive_at is not None:
        pieces.append(OutboxBatch(revision, alive_at=batch.alive_at))
    if len(pieces) == 1 and keys:
        pieces = [OutboxBatch(revision, members=(each,)) for each in batch.members]
        pieces += [OutboxBatch(revision, visits=(each,)) for each in batch.visits]
        pieces += [OutboxBatch(revision, decisions=(each,)) for each in batch.decisions]
    return tuple(pieces) if len(pieces) > 1 else ()


def describe(piece: OutboxBatch) -> str:
    """What the one record of a batch is about, without what it holds."""
    for guild_id, user_id in _members(piece):
        kind = "memory" if piece.members else "visit" if piece.visits else "decision"
        return f"{kind} of member {user_id} in guild {guild_id}"
    if piece.outcomes:
        return f"outcome of decision {piece.outcomes[0].decision_id}"
    return ", ".join(piece.meta) or "sign of life"


def _members(batch: OutboxBatch) -> Iterator[_Key]:
    yield from ((each.guild_id, each.user_id) for each in batch.decisions)
    yield from ((each.guild_id, each.user_id) for each in batch.visits)
    yield from ((each.guild_id, each.user_id) for each in batch.members)


def _of_member(batch: OutboxBatch, key: _Key) -> OutboxBatch:
    return OutboxBatch(
        batch.policy_revision,
        decisions=tuple(x for x in batch.decisions if (x.guild_id, x.user_id) == key),
        visits=tuple(x for x in batch.visits if (x.guild_id, x.user_id) == key),
        members=tuple(x for x in batch.members if (x.guild_id, x.user_id) == key),
    )
