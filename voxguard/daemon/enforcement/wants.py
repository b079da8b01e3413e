"""What a decision wants of a member, and how it is ranked against what others want."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

from voxguard.model.decisions import Decision, Effect, Outcome
from voxguard.model.ids import MAX_ID, ChannelId, GuildId, UserId
from voxguard.ports.discord import MemberEdit, Place

Key = tuple[GuildId, UserId]
"""One member of one guild."""

Value = bool | Place
"""What a field is to be, or is."""

LONGEST_REASON = 512
"""Discord developer documentation, "Audit Logs": what X-Audit-Log-Reason may hold."""


class Field(StrEnum):
    """What of a member one request can set; there is one want for each at a time."""

    PLACE = "place"
    MUTE = "mute"
    DEAF = "deaf"


class Kind(StrEnum):
    """What Discord permits or refuses alike, each by a permission of its own.

    A disconnect needs less than a move, which also asks for the target.
    """

    DISCONNECT = "disconnect"
    MOVE = "move"
    MUTE = "mute"
    DEAFEN = "deafen"


class Rank(IntEnum):
    """The order of work in a guild."""

    PLACEMENT = 0
    RELEASE = 1
    OTHER = 2


Standing = tuple[Rank, int]
"""A rank and, within it, the turn: lower is sooner."""


@dataclass(slots=True, eq=False)
class Want:
    """A decision that waits to be carried out.

    `value` is what the field is to be. `not_before` is an instant on the steady clock.
    `attempts` are those that came to nothing, `in_doubt` says that one of them may have
    worked all the same. Until `shown_at` reports may not have shown what it did; until
    `unclear_until` they may not have shown what a want did that this one replaces. `alone`
    keeps it out of requests for several fields. `told` is the passing outcome that was told
    last.
    """

    decision: Decision
    field: Field
    kind: Kind
    value: Value
    rank: Rank
    turn: int
    not_before: float = 0.0
    attempts: int = 0
    in_doubt: bool = False
    shown_at: float = 0.0
    unclear_until: float = 0.0
    alone: bool = False
    told: Outcome | None = None

    @property
    def key(self) -> Key:
        """Whom it is about."""
        return self.decision.guild_id, self.decision.user_id

    @property
    def standing(self) -> Standing:
        """How soon it is to be sent."""
        return self.rank, self.turn

    @property
    def is_release(self) -> bool:
        """Whether it ends what a rule did, which goes on when little else may."""
        return self.decision.release

    @property
    def storm_key(self) -> tuple[GuildId, UserId, str] | None:
        """Whose disconnects by which rule are counted, if it is one."""
        if self.kind is not Kind.DISCONNECT:
            return None
        return (*self.key, self.decision.rule)


@dataclass(frozen=True, slots=True, eq=False)
class Request:
    """One edit of one member, for one want or several."""

    guild_id: GuildId
    user_id: UserId
    edit: MemberEdit
    reason: str
    wants: tuple[Want, ...] = field(repr=False)

    @property
    def key(self) -> Key:
        """Whom it is about."""
        return self.guild_id, self.user_id


def make_want(decision: Decision, turn: int) -> Want:
    """What the decision asks of Discord.

    Raises:
        ValueError: A move whose target is not an id.
    """
    match decision.effect:
        case Effect.DISCONNECT:
            place, kind = Place(None), Kind.DISCONNECT
            return Want(decision, Field.PLACE, kind, place, Rank.PLACEMENT, turn)
        case Effect.MOVE:
            place, kind = Place(_target(decision)), Kind.MOVE
            return Want(decision, Field.PLACE, kind, place, Rank.PLACEMENT, turn)
        case Effect.MUTE | Effect.UNMUTE:
            wanted = decision.effect is Effect.MUTE
            return Want(decision, Field.MUTE, Kind.MUTE, wanted, _rank(decision), turn)
        case Effect.DEAFEN | Effect.UNDEAFEN:
            wanted = decision.effect is Effect.DEAFEN
            return Want(decision, Field.DEAF, Kind.DEAFEN, wanted, _rank(decision), turn)


def make_request(wants: Iterable[Want]) -> Request:
    """One request for everything that may go together."""
    ordered = tuple(sorted(wants, key=lambda want: want.standing))
    mute = deaf = place = None
    for want in ordered:
        if isinstance(want.value, Place):
            place = want.value
        elif want.field is Field.MUTE:
            mute = want.value
        else:
            deaf = want.value
    reasons = dict.fromkeys(want.decision.reason for want in ordered)
    guild_id, user_id = ordered[0].key
    return Request(
        guild_id,
        user_id,
        MemberEdit(mute=mute, deaf=deaf, place=place),
        "; ".join(reasons)[:LONGEST_REASON],
        ordered,
    )


def _rank(decision: Decision) -> Rank:
    return Rank.RELEASE if decision.release else Rank.OTHER


def _target(decision: Decision) -> ChannelId:
    text = str(decision.params.get("channel"))
    if not (text.isascii() and text.isdecimal()) or (target := int(text[:20])) > MAX_ID:
        raise ValueError(f"a move to {text[:40]!r}, which is not a channel's id")
    return ChannelId(target)
