"""What the engine remembers: of each guild its tables, of each member their episodes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from voxguard.engine.index import IndexedRule
from voxguard.engine.occupancy import Occupancy
from voxguard.model.decisions import Effect, Mode
from voxguard.model.ids import ChannelId, GuildId, RoleId, UserId
from voxguard.model.permissions import Permission
from voxguard.model.visits import Visit
from voxguard.model.world import Channel, ChannelKind, Member, Role
from voxguard.policy.effects.base import Slot

NAMESPACE = uuid5(NAMESPACE_URL, "voxguard")
NOWHERE = ChannelId(0)
"""The channel of somebody who is not connected."""


def make_id(*parts: object) -> UUID:
    """An id that follows from what it names, so that equal inputs give equal ids."""
    return uuid5(NAMESPACE, "/".join(map(str, parts)))


@dataclass(slots=True)
class Episode:
    """One unbroken stretch in which a rule holds; `done` are its momentary effects."""

    began_at: datetime
    done: set[Effect] = field(default_factory=set)


@dataclass(slots=True)
class Stretch:
    """One unbroken stretch in which a rule's conditions match.

    `in_channel` tells one that another channel restarts. `barred` keeps a rule that
    holds again within the instant of its last episode from beginning another.
    """

    meaning: str
    since_at: datetime
    in_channel: bool = False
    barred: bool = False
    episode: Episode | None = None


@dataclass(frozen=True, slots=True)
class Lease:
    """A rule's claim on a slot, kept while the rule holds."""

    rule: str
    order: tuple[int, int, str]
    effect: Effect
    episode_began_at: datetime
    since_at: datetime


@dataclass(frozen=True, slots=True)
class Placement:
    """A placement that was decided in the present visit; `target_id` None is out of voice."""

    effect: Effect
    target_id: ChannelId | None


Leases = dict[Slot, dict[str, Lease]]
"""By slot and rule, in the order in which they were taken."""


@dataclass(slots=True)
class Layer:
    """What the rules of one mode have brought about: enforced, or only observed."""

    mode: Mode
    leases: Leases = field(default_factory=dict)
    placement: Placement | None = None


@dataclass(slots=True, eq=False)
class MemberState:
    """One member who is connected, or of whom something must be remembered.

    It is what conditions see as Facts. `reported_*` is Discord's last word, which the
    facts of the same name follow except where a lease of ours is on them. `settled_id`
    is the channel of the present visit, which differs from `channel_id` only within an
    instant. `left` says that the member has left voice since they were last decided.
    `humans` are the guild's own counts by channel, None where no rule asks for them.
    """

    guild_id: GuildId
    user_id: UserId
    bot: bool = False
    roles: frozenset[RoleId] = frozenset()
    joined_at: datetime | None = None
    connected: bool = False
    channel_id: ChannelId = NOWHERE
    category_id: ChannelId | None = None
    channel_kind: ChannelKind = ChannelKind.VOICE
    guild_mute: bool = False
    guild_deaf: bool = False
    self_mute: bool = False
    self_deaf: bool = False
    suppressed: bool = False
    camera: bool = False
    streaming: bool = False
    reported_mute: bool | None = None
    reported_deaf: bool | None = None
    humans: Mapping[ChannelId, int] | None = None
    settled_id: ChannelId | None = None
    left: bool = False
    visit: Visit | None = None
    stretches: dict[str, Stretch] = field(default_factory=dict)
    enforced: Layer = field(default_factory=lambda: Layer(Mode.ENFORCE))
    observed: Layer = field(default_factory=lambda: Layer(Mode.OBSERVE))
    begun_at: datetime | None = None
    begun: set[str] = field(default_factory=set)
    candidates: tuple[IndexedRule, ...] | None = None
    wake_at: datetime | None = None

    def episode(self, rule: str) -> Episode:
        """The present episode of a rule that holds."""
        episode = self.stretches[rule].episode
        if episode is None:
            raise LookupError(f"{rule} does not hold")
        return episode

    @property
    def occupancy(self) -> int:
        """How many people are connected to the member's channel, as far as a rule asks."""
        return 0 if self.humans is None else self.humans.get(self.channel_id, 0)

    @property
    def forgettable(self) -> bool:
        """Whether nothing of an absent member needs to be remembered."""
        return (
            not self.connected
            and not self.left
            and not self.enforced.leases
            and not self.observed.leases
            and self.reported_mute in (None, self.guild_mute)
            and self.reported_deaf in (None, self.guild_deaf)
        )


def episode_id(member: MemberState, rule: str, began_at: datetime) -> UUID:
    """The id of the episode that a rule began for a member at an instant."""
    return make_id(member.guild_id, member.user_id, rule, began_at.isoformat())


def episode_ids(member: MemberState) -> set[UUID]:
    """The ids of the episodes that go on."""
    return {
        episode_id(member, rule, stretch.episode.began_at)
        for rule, stretch in member.stretches.items()
        if stretch.episode is not None
    }


@dataclass(slots=True, eq=False)
class GuildState:
    """One guild's tables; it is decided only while it is `available`.

    `dirty` are the members whose facts have changed since they were last decided,
    `touched` those whose memory may have changed since it was last reported, `visits`
    what was opened or closed since then. `alive_at` is set after a restart until the
    guild is seen: the last instant at which its visits are known to have gone on.
    """

    id: GuildId
    available: bool = False
    owner_id: UserId | None = None
    afk_channel_id: ChannelId | None = None
    roles: dict[RoleId, Role] = field(default_factory=dict)
    admin_roles: set[RoleId] = field(default_factory=set)
    deleted_roles: set[RoleId] = field(default_factory=set)
    channels: dict[ChannelId, Channel] = field(default_factory=dict)
    deleted_channels: set[ChannelId] = field(default_factory=set)
    known: dict[UserId, Member] = field(default_factory=dict)
    members: dict[UserId, MemberState] = field(default_factory=dict)
    occupancy: Occupancy = field(default_factory=Occupancy)
    alive_at: datetime | None = None
    dirty: set[UserId] = field(default_factory=set)
    touched: set[UserId] = field(default_factory=set)
    visits: list[Visit] = field(default_factory=list)

    def set_role(self, role: Role) -> None:
        """Take in the newest word on a role."""
        self.roles[role.id] = role
        self.deleted_roles.discard(role.id)
        if role.permissions & Permission.ADMINISTRATOR:
            self.admin_roles.add(role.id)
        else:
            self.admin_roles.discard(role.id)

    def effective_roles(self, roles: frozenset[RoleId]) -> frozenset[RoleId]:
        """The roles as rules see them: with @everyone, without those that are deleted."""
        return (roles | {RoleId(self.id)}) - self.deleted_roles

    def is_admin(self, member: MemberState) -> bool:
        """The owner, and whoever has ADMINISTRATOR by any role or by @everyone."""
        return member.user_id == self.owner_id or not self.admin_roles.isdisjoint(member.roles)
