"""What Discord says of a guild: its roles, channels, members and voice states."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from voxguard.model.ids import ChannelId, GuildId, RoleId, UserId


class ChannelKind(StrEnum):
    """The kinds of channel that matter here; everything else is `OTHER`."""

    VOICE = "voice"
    STAGE = "stage"
    CATEGORY = "category"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Overwrite:
    """A permission overwrite of a channel; `target_id` is a role's or a user's id."""

    target_id: int
    is_role: bool
    allow: int
    deny: int


@dataclass(frozen=True, slots=True)
class Role:
    """A role of a guild with its permission bits; the one with the guild's id is @everyone.

    The higher its `position`, the more it outranks; a `managed` one belongs to an application.
    Both are known only where a guild was asked for.
    """

    id: RoleId
    permissions: int = 0
    name: str = ""
    position: int = 0
    managed: bool = False


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel or category of a guild; `parent_id` is its category."""

    id: ChannelId
    kind: ChannelKind
    parent_id: ChannelId | None = None
    name: str = ""
    overwrites: tuple[Overwrite, ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    """What a member object says of a user in a guild."""

    user_id: UserId
    roles: frozenset[RoleId] = frozenset()
    bot: bool = False
    joined_at: datetime | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class VoiceState:
    """Discord's snapshot of one user's voice in one guild; no channel means not connected.

    `guild_mute` and `guild_deaf` are a moderator's, `self_mute` and `self_deaf` the
    user's own, `suppressed` is a stage's audience.
    """

    user_id: UserId
    channel_id: ChannelId | None
    guild_mute: bool = False
    guild_deaf: bool = False
    self_mute: bool = False
    self_deaf: bool = False
    suppressed: bool = False
    camera: bool = False
    streaming: bool = False


@dataclass(frozen=True, slots=True)
class GuildSnapshot:
    """Everything that a GUILD_CREATE says of a guild."""

    id: GuildId
    owner_id: UserId | None = None
    afk_channel_id: ChannelId | None = None
    name: str = ""
    roles: tuple[Role, ...] = ()
    channels: tuple[Channel, ...] = ()
    members: tuple[Member, ...] = ()
    voice_states: tuple[VoiceState, ...] = ()
