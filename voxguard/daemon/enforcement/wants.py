"""What a decision wants of a member, and how it is ranked against what others want."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from voxguard.daemon.enforcement.kinds import Field, Kind, Rank, Standing
from voxguard.daemon.enforcement.refusals import PAUSE_SECONDS, SHORTEST_PAUSE_SECONDS
from voxguard.model.decisions import Decision, Effect, Outcome
from voxguard.model.ids import MAX_ID, ChannelId, GuildId, RoleId, UserId
from voxguard.ports.discord import Place, RoleEdit, StageEdit

Key = tuple[GuildId, UserId]
"""One member of one guild."""

Slot = tuple[Field, int]
"""What there is one want of at a time; each role and each message is one of its own."""

LONGEST_REFUSAL_SECONDS = 3_600.0
"""How often what Discord keeps refusing is asked for at least."""

LONGEST_TIMEOUT = timedelta(days=28) - timedelta(minutes=1)
"""Discord takes no more than 28 days, by its own clock."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A message into a channel; None is to the member directly."""

    channel_id: ChannelId | None


Value = bool | Place | datetime | StageEdit | RoleEdit | Letter

PLACEMENTS = (Effect.DISCONNECT, Effect.MOVE)


def is_momentary(decision: Decision) -> bool:
    """Whether it happens once and is over, so that it may not be repeated when in doubt."""
    match decision.effect:
        case Effect.DISCONNECT | Effect.MOVE | Effect.TIMEOUT | Effect.WARN | Effect.ANNOUNCE:
            return True
        case Effect.UNMUTE | Effect.UNDEAFEN:
            return not decision.release
        case (
            Effect.MUTE
            | Effect.DEAFEN
            | Effect.SUPPRESS
            | Effect.UNSUPPRESS
            | Effect.GRANT
            | Effect.REVOKE
        ):
            return False


@dataclass(slots=True, eq=False)
class Want:
    """A decision that waits to be carried out.

    `value` is what is to be the case. `not_before` and `until` are instants on the steady
    clock; whoever looks at it after the latter gives it up. `attempts` are those that came
    to nothing, `in_doubt` says that one of them may have worked all the same. Until
    `shown_at` reports may not have shown what it did; until `unclear_until` they may not have
    shown what a want did that this one replaces. `on`: it may be there by our hand without it,
    since what it replaces was to take it away, or may have set it. `alone` keeps it out of
    requests for several things. `unseen`: it is of an earlier process, and its guild has not
    appeared since; `restored` it stays. `spent`: it has been counted to the budgets. After so
    many `refusals` a change of permissions lets it go at `retry_at`. `lane` is where it waits for
    its turn. `told` is the passing outcome that was told last.
    """

    decision: Decision
    slot: Slot
    kind: Kind
    value: Value
    rank: Rank
    turn: int
    not_before: float = 0.0
    until: float = math.inf
    attempts: int = 0
    in_doubt: bool = False
    shown_at: float = 0.0
    unclear_until: float = 0.0
    on: bool = False
    alone: bool = False
    unseen: bool = False
    restored: bool = False
    spent: bool = False
    refusals: int = 0
    retry_at: float = 0.0
    lane: object | None = None
    told: Outcome | None = None

    @property
    def field(self) -> Field:
        """What it is about."""
        return self.slot[0]

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
    def is_message(self) -> bool:
        """Whether it neither waits for edits of its member nor holds them up."""
        return self.field is Field.MESSAGE

    def is_refused(self, now: float) -> None:
        """Wait for permissions to change, and ask now and then, less and less often."""
        pause = min(LONGEST_REFUSAL_SECONDS, PAUSE_SECONDS * 2.0 ** min(self.refusals, 10))
        self.refusals += 1
        self.not_before = now + pause
        self.retry_at = now + SHORTEST_PAUSE_SECONDS

    @property
    def outlasts_membership(self) -> bool:
        """Whether it is of others, so that it is still wanted when the member is gone."""
        return self.kind is Kind.ANNOUNCE

    @property
    def storm_key(self) -> tuple[GuildId, UserId, str] | None:
        """Whose disconnects by which rule are counted, if it is one."""
        if self.kind is not Kind.DISCONNECT:
            return None
        return (*self.key, self.decision.rule)


def make_want(decision: Decision, turn: int) -> Want:
    """What the decision asks of Discord.

    Raises:
        ValueError: Its parameters are not what its effect needs.
    """
    slot, kind, value = _wish(decision, turn)
    return Want(decision, slot, kind, value, _rank(decision), turn)


def _wish(decision: Decision, turn: int) -> tuple[Slot, Kind, Value]:
    effect = decision.effect
    wish: tuple[Slot, Kind, Value]
    match effect:
        case Effect.DISCONNECT:
            wish = (Field.PLACE, 0), Kind.DISCONNECT, Place(None)
        case Effect.MOVE:
            wish = (Field.PLACE, 0), Kind.MOVE, Place(_channel(decision))
        case Effect.MUTE | Effect.UNMUTE:
            wish = (Field.MUTE, 0), Kind.MUTE, effect is Effect.MUTE
        case Effect.DEAFEN | Effect.UNDEAFEN:
            wish = (Field.DEAF, 0), Kind.DEAFEN, effect is Effect.DEAFEN
        case Effect.TIMEOUT:
            wish = (Field.TIMEOUT, 0), Kind.TIMEOUT, _timeout_end(decision)
        case Effect.SUPPRESS | Effect.UNSUPPRESS:
            # Without a channel it is of a visit that is over.
            channel_id = decision.channel_id or ChannelId(0)
            seat = StageEdit(channel_id, suppressed=effect is Effect.SUPPRESS)
            wish = (Field.AUDIENCE, 0), Kind.SUPPRESS, seat
        case Effect.GRANT | Effect.REVOKE:
            role = RoleEdit(RoleId(_id(decision, "role")), granted=effect is Effect.GRANT)
            wish = (Field.ROLE, role.role_id), Kind.ROLE, role
        case Effect.WARN:
            wish = (Field.MESSAGE, turn), Kind.WARN, Letter(None)
        case Effect.ANNOUNCE:
            wish = (Field.MESSAGE, turn), Kind.ANNOUNCE, Letter(_channel(decision))
    return wish


def _rank(decision: Decision) -> Rank:
    if decision.effect in PLACEMENTS:
        return Rank.PLACEMENT
    return Rank.RELEASE if decision.release else Rank.OTHER


def _channel(decision: Decision) -> ChannelId:
    return ChannelId(_id(decision, "channel"))


def _timeout_end(decision: Decision) -> datetime:
    """Counted from the decision, so that nobody sits longer because a request had to wait."""
    seconds = decision.params.get("seconds")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not seconds > 0:
        raise ValueError(f"a timeout of {str(seconds)[:40]!r}, which is not a number of seconds")
    length = min(seconds, LONGEST_TIMEOUT.total_seconds())
    return decision.decided_at + timedelta(seconds=length)


def _id(decision: Decision, what: str) -> int:
    text = str(decision.params.get(what))
    if not (text.isascii() and text.isdecimal()) or (number := int(text[:20])) > MAX_ID:
        effect = decision.effect.value
        raise ValueError(f"{effect}: {text[:40]!r} is not the id of a {what}")
    return number
