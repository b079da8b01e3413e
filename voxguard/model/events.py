"""What happened in the world, as the engine takes it in.

Each event belongs to one guild. The engine applies all events of one instant, in
order, before it decides anybody.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from voxguard.model.decisions import NO_PARAMS, Decision, Effect
from voxguard.model.ids import ChannelId, GuildId, RoleId, UserId
from voxguard.model.world import Channel, GuildSnapshot, Member, Role, VoiceState

Echo = tuple[Effect, RoleId | None]
"""One of the program's own edits coming back as a report: what was done, and of which role."""

CLOCKS_DIFFER: Final = timedelta(seconds=5)
"""By how much Discord's clock, which dates entries of the audit log, may differ from ours."""

NO_ECHOES: Final[frozenset[Echo]] = frozenset()
NO_ECHOES_OF_ANYBODY: Final[Mapping[UserId, frozenset[Echo]]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class GuildAppeared:
    """GUILD_CREATE: the whole guild as it is now; what it does not list is not there.

    `watched_at` is the last instant at which the guild was surely watched, where something
    may have been missed since then; None where nothing was, or nobody knows. `echoes` are those
    of each member whom it shows as one of the program's edits has left them.
    """

    guild: GuildSnapshot
    watched_at: datetime | None = None
    echoes: Mapping[UserId, frozenset[Echo]] = field(default_factory=lambda: NO_ECHOES_OF_ANYBODY)

    @property
    def guild_id(self) -> GuildId:
        """The guild that appeared."""
        return self.guild.id


@dataclass(frozen=True, slots=True)
class GuildChanged:
    """GUILD_UPDATE: owner, AFK channel or the roles of a guild."""

    guild_id: GuildId
    owner_id: UserId | None
    afk_channel_id: ChannelId | None
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class GuildVanished:
    """GUILD_DELETE: the guild is unavailable, or the bot has left it.

    `watched_at` is as with `GuildAppeared`.
    """

    guild_id: GuildId
    watched_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class VoiceStateChanged:
    """VOICE_STATE_UPDATE: somebody joined, moved, left, or a flag of theirs changed.

    `is_ours`: the change of channel is a placement of the program's, and so no entry.
    `echoes` are its other edits that this report may show. `by` is who has done the rest, as
    far as the audit log has told.
    """

    guild_id: GuildId
    state: VoiceState
    member: Member | None = None
    is_ours: bool = False
    echoes: frozenset[Echo] = NO_ECHOES
    by: UserId | None = None


@dataclass(frozen=True, slots=True)
class MemberChanged:
    """GUILD_MEMBER_ADD or GUILD_MEMBER_UPDATE: the newest word on a member.

    `echoes` and `by` are as of voice states.
    """

    guild_id: GuildId
    member: Member
    echoes: frozenset[Echo] = NO_ECHOES
    by: UserId | None = None


@dataclass(frozen=True, slots=True)
class MemberRemoved:
    """GUILD_MEMBER_REMOVE: the user is no member of the guild any more."""

    guild_id: GuildId
    user_id: UserId


@dataclass(frozen=True, slots=True)
class RoleChanged:
    """GUILD_ROLE_CREATE or GUILD_ROLE_UPDATE."""

    guild_id: GuildId
    role: Role


@dataclass(frozen=True, slots=True)
class RoleDeleted:
    """GUILD_ROLE_DELETE: from now on nobody has the role."""

    guild_id: GuildId
    role_id: RoleId


@dataclass(frozen=True, slots=True)
class ChannelChanged:
    """CHANNEL_CREATE or CHANNEL_UPDATE."""

    guild_id: GuildId
    channel: Channel


@dataclass(frozen=True, slots=True)
class ChannelDeleted:
    """CHANNEL_DELETE: whoever is still in the channel has left."""

    guild_id: GuildId
    channel_id: ChannelId


@dataclass(frozen=True, slots=True)
class EnforcementFailed:
    """A decision could not be carried out: what it assumed of the member is not so.

    `params` are the decision's: they say which role it was about. `lifting` is the decision
    itself where it was to end what a rule holds, and nobody has done that now.
    """

    guild_id: GuildId
    user_id: UserId
    effect: Effect
    params: Mapping[str, object] = field(default_factory=lambda: NO_PARAMS)
    lifting: Decision | None = None


@dataclass(frozen=True, slots=True)
class HandSeen:
    """GUILD_AUDIT_LOG_ENTRY_CREATE: `by` has changed this of a member.

    It says of a report, which may come before it or after it, whose doing that is. `done_at` is
    when that was, where it is known.
    """

    guild_id: GuildId
    user_id: UserId
    by: UserId
    changes: frozenset[Echo]
    done_at: datetime | None = None

    def is_before(self, since_at: datetime) -> bool:
        """Whether it is surely about what was there before something was held."""
        return self.done_at is not None and self.done_at < since_at - CLOCKS_DIFFER


@dataclass(frozen=True, slots=True)
class EchoMissed:
    """Edits of the program's were carried out, and what shows them was lost on its way.

    What is reported next is to be compared with what they have left.
    """

    guild_id: GuildId
    user_id: UserId
    changes: frozenset[Echo]


Event = (
    GuildAppeared
    | GuildChanged
    | GuildVanished
    | VoiceStateChanged
    | MemberChanged
    | MemberRemoved
    | RoleChanged
    | RoleDeleted
    | ChannelChanged
    | ChannelDeleted
    | EnforcementFailed
    | HandSeen
    | EchoMissed
)
