"""What is there: guilds with their roles, channels and members, as they are now."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from voxguard.model.ids import ChannelId, GuildId, RoleId, UserId
from voxguard.model.permissions import VOICE_KINDS, Permission
from voxguard.model.permissions import channel_permissions as compute_in_channel
from voxguard.model.permissions import guild_permissions as compute_in_guild
from voxguard.model.world import Channel, ChannelKind, Member, Overwrite, Role

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
"""Since when those are members of whom nobody has said it."""


@dataclass(slots=True)
class User:
    """A Discord account, the same in every guild."""

    id: UserId
    name: str
    bot: bool = False
    takes_messages: bool = True


@dataclass(slots=True)
class Voice:
    """A member's place in voice and what comes and goes with it."""

    channel_id: ChannelId
    self_mute: bool = False
    self_deaf: bool = False
    camera: bool = False
    streaming: bool = False
    suppressed: bool = False


@dataclass(slots=True)
class GuildMember:
    """A user in a guild.

    `guild_mute` and `guild_deaf` are kept here and not with `voice`, because Discord keeps
    them while the member is away.
    """

    user: User
    roles: set[RoleId] = field(default_factory=set)
    joined_at: datetime | None = None
    nick: str | None = None
    guild_mute: bool = False
    guild_deaf: bool = False
    timed_out_until: datetime | None = None
    voice: Voice | None = None

    def facts(self) -> Member:
        """The member as the computation of permissions takes it."""
        return Member(
            self.user.id,
            roles=frozenset(self.roles),
            bot=self.user.bot,
            joined_at=self.joined_at,
            name=self.user.name,
        )

    def is_timed_out(self, now: datetime) -> bool:
        """Whether a timeout is running at the instant."""
        return self.timed_out_until is not None and self.timed_out_until > now


@dataclass(slots=True)
class GuildRole:
    """A role; the higher its position, the more it outranks."""

    id: RoleId
    name: str
    permissions: int = 0
    position: int = 1
    managed: bool = False


@dataclass(slots=True)
class GuildChannel:
    """A channel or category; `user_limit` 0 means as many as like."""

    id: ChannelId
    name: str
    kind: ChannelKind = ChannelKind.VOICE
    parent_id: ChannelId | None = None
    position: int = 0
    user_limit: int = 0
    overwrites: tuple[Overwrite, ...] = ()

    @property
    def is_voice(self) -> bool:
        """Whether people can be connected to it."""
        return self.kind in VOICE_KINDS

    def facts(self) -> Channel:
        """The channel as the computation of permissions takes it."""
        return Channel(
            self.id,
            self.kind,
            parent_id=self.parent_id,
            name=self.name,
            overwrites=self.overwrites,
        )


@dataclass(slots=True)
class Guild:
    """A guild that the bot is in. The role with the guild's own id is @everyone."""

    id: GuildId
    name: str
    owner_id: UserId
    afk_channel_id: ChannelId | None = None
    roles: dict[RoleId, GuildRole] = field(default_factory=dict)
    channels: dict[ChannelId, GuildChannel] = field(default_factory=dict)
    members: dict[UserId, GuildMember] = field(default_factory=dict)
    is_available: bool = True

    def connected(self, channel_id: ChannelId | None = None) -> list[GuildMember]:
        """The members in voice, or in one channel."""
        return [
            member
            for member in self.members.values()
            if member.voice is not None and channel_id in (None, member.voice.channel_id)
        ]

    def permissions(self, member: GuildMember, channel: GuildChannel | None = None) -> Permission:
        """What the member may do in the guild, or in one of its channels."""
        roles = {
            role_id: Role(role_id, permissions=role.permissions)
            for role_id, role in self.roles.items()
        }
        if channel is None:
            return compute_in_guild(
                member.facts(), guild_id=self.id, owner_id=self.owner_id, roles=roles
            )
        return compute_in_channel(
            member.facts(),
            channel.facts(),
            guild_id=self.id,
            owner_id=self.owner_id,
            roles=roles,
        )

    def rank(self, member: GuildMember) -> int:
        """The position of the member's highest role; nobody outranks the owner."""
        if member.user.id == self.owner_id:
            return 1_000_000
        return max((self.roles[role_id].position for role_id in member.roles), default=0)
