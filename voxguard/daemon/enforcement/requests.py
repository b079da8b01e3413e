"""What is asked of Discord for one want, or for several of a member that can go together."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from voxguard.daemon.enforcement.bucket import Bucket
from voxguard.daemon.enforcement.buckets import Buckets
from voxguard.daemon.enforcement.kinds import TOGETHER, BucketKey, Field, Route
from voxguard.daemon.enforcement.wants import Key, Letter, Want, is_momentary
from voxguard.model.decisions import Decision
from voxguard.model.ids import ChannelId, GuildId, UserId
from voxguard.ports.discord import (
    Act,
    MemberEdit,
    Message,
    OpenDirect,
    Place,
    RoleEdit,
    StageEdit,
)
from voxguard.ports.enforcement import Texts

LONGEST_REASON = 512
"""Discord developer documentation, "Audit Logs": what X-Audit-Log-Reason may hold."""

LONGEST_NONCE = 25
"""Discord developer documentation, "Create Message"."""


@dataclass(frozen=True, slots=True, eq=False)
class Request:
    """One act upon one member, for one want or several.

    `sent_at` is an instant on the steady clock. `marks` are momentary decisions that are on
    disk as deferred: that they are sent now has to be there first, or else the next start
    would take them for never sent.
    """

    guild_id: GuildId
    user_id: UserId
    act: Act
    reason: str
    bucket_key: BucketKey
    bucket: Bucket = field(repr=False)
    sent_at: float
    wants: tuple[Want, ...] = field(repr=False)
    marks: tuple[Decision, ...] = ()

    @property
    def key(self) -> Key:
        """Whom it is about."""
        return self.guild_id, self.user_id

    @property
    def is_message(self) -> bool:
        """Whether it neither waits for edits of its member nor holds them up."""
        return self.wants[0].is_message


class DirectChannels:
    """The channels of direct messages that Discord has told."""

    MOST = 10_000

    def __init__(self) -> None:
        """Begin with none."""
        self._channels: dict[UserId, ChannelId] = {}

    def get(self, user_id: UserId) -> ChannelId | None:
        """The channel of a user; None where it has to be asked for."""
        return self._channels.get(user_id)

    def add(self, user_id: UserId, channel_id: ChannelId) -> None:
        """Keep a channel; the one that was told first is forgotten when there are too many."""
        self._channels[user_id] = channel_id
        if len(self._channels) > self.MOST:
            del self._channels[next(iter(self._channels))]


def bucket_key(want: Want, direct: DirectChannels) -> BucketKey:
    """The route by which the want goes now, and what its rate is limited by."""
    guild_id, user_id = want.key
    match want.value:
        case RoleEdit(granted=granted):
            return Route.GRANT if granted else Route.REVOKE, guild_id
        case StageEdit():
            return Route.STAGE, guild_id
        case Letter(channel_id=channel_id):
            channel_id = channel_id or direct.get(user_id)
            return (Route.OPEN_DIRECT, 0) if channel_id is None else (Route.MESSAGE, channel_id)
        case bool() | Place() | datetime():
            return Route.MEMBER, guild_id


def can_go_with(other: Want, first: Want) -> bool:
    """Whether another want of the member can be part of the first one's request."""
    return not first.alone and not other.alone and {first.field, other.field} <= TOGETHER


@dataclass(frozen=True, slots=True)
class Requests:
    """Makes requests of wants; `direct` are the channels that Discord has told so far."""

    texts: Texts
    buckets: Buckets = field(default_factory=Buckets)
    direct: DirectChannels = field(default_factory=DirectChannels)

    def bucket_key(self, want: Want) -> BucketKey:
        """The route by which the want goes now, and what its rate is limited by."""
        return bucket_key(want, self.direct)

    def make(self, wants: Iterable[Want], now: float) -> Request:
        """One request for everything that goes together."""
        ordered = tuple(sorted(wants, key=lambda want: want.standing))
        first = ordered[0]
        reasons = dict.fromkeys(want.decision.reason for want in ordered)
        act = _act(ordered, self.direct, self.texts)
        key = self.bucket_key(first)
        return Request(
            *first.key,
            act=act,
            reason="; ".join(reasons)[:LONGEST_REASON],
            bucket_key=key,
            bucket=self.buckets.of(key),
            sent_at=now,
            wants=ordered,
            marks=() if isinstance(act, OpenDirect) else _mark(ordered),
        )


def _mark(wants: Iterable[Want]) -> tuple[Decision, ...]:
    marked = []
    for want in wants:
        if want.told is not None and is_momentary(want.decision):
            want.told = None
            marked.append(want.decision)
    return tuple(marked)


def _act(wants: tuple[Want, ...], direct: DirectChannels, texts: Texts) -> Act:
    first = wants[0]
    match first.value:
        case RoleEdit() | StageEdit():
            return first.value
        case Letter(channel_id=channel_id):
            channel_id = channel_id or direct.get(first.decision.user_id)
            if channel_id is None:
                return OpenDirect()
            nonce = first.decision.id.hex[-LONGEST_NONCE:]
            return Message(channel_id, texts.text(first.decision), nonce)
        case bool() | Place() | datetime():
            return _member_edit(wants)


def _member_edit(wants: Iterable[Want]) -> MemberEdit:
    mute = deaf = place = until = None
    for want in wants:
        match want.value:
            case Place():
                place = want.value
            case datetime():
                until = want.value
            case bool() if want.field is Field.MUTE:
                mute = want.value
            case bool():
                deaf = want.value
            case _:
                pass
    return MemberEdit(mute=mute, deaf=deaf, place=place, timeout_until=until)
