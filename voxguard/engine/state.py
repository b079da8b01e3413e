"""What the engine remembers: of each guild its tables, of each member their episodes."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from voxguard.engine.episodes import Episode, Hand, Layer, Stretch
from voxguard.engine.fuses import Fuses
from voxguard.engine.history import History
from voxguard.engine.index import IndexedRule
from voxguard.engine.lookback import NOTHING, Lookback
from voxguard.engine.naming import make_id
from voxguard.engine.occupancy import Occupancy
from voxguard.engine.surroundings import Surroundings
from voxguard.model.decisions import Humans, Mode
from voxguard.model.ids import ChannelId, GuildId, RoleId, UserId
from voxguard.model.permissions import Permission
from voxguard.model.visits import Places, Stay, Visit
from voxguard.model.world import Channel, ChannelKind, Member, Role
from voxguard.policy.effects.base import Slot

NOWHERE = ChannelId(0)
"""The channel of somebody who is not connected."""


@dataclass(slots=True, eq=False)
class MemberState:
    """One member who is connected, or of whom something must be remembered.

    It is what conditions see as Facts. `reported_*` is Discord's last word, which the
    facts of the same name follow except where a lease of ours is on them. `settled_id`
    is the channel of the present visit, which differs from `channel_id` only within an
    instant. `left` says that the member has left voice since they were last decided.
    `own_roles` are those that the member has, deleted ones included; `roles` are what rules
    see of them. `around` is what is known of the guild's channels. `judged` are the rules
    (by meaning) with `existing: spare` that were active when the present visit began, and
    `found_in` is the channel in which the member was before any rule was. `planned` says that a
    new revision is what the member is decided for. `placed` says that a placement of ours
    brought them to `channel_id`. `hands` are what others have done to what is held since the
    member was last decided, `fights` when effects were lately set again against them.
    `visit_anchor` is from when on the present visit counts, once the wall clock was stepped
    in it: its row keeps the instant it has.
    """

    guild_id: GuildId
    user_id: UserId
    bot: bool = False
    roles: frozenset[RoleId] = frozenset()
    own_roles: frozenset[RoleId] = frozenset()
    reported_roles: frozenset[RoleId] = frozenset()
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
    reported_suppressed: bool | None = None
    around: Surroundings = field(default_factory=Surroundings)
    history: History = field(default_factory=History)
    judged: frozenset[str] = frozenset()
    found_in: ChannelId | None = None
    planned: bool = False
    placed: bool = False
    settled_id: ChannelId | None = None
    left: bool = False
    visit: Visit | None = None
    visit_anchor: datetime | None = None
    stretches: dict[str, Stretch] = field(default_factory=dict)
    enforced: Layer = field(default_factory=lambda: Layer(Mode.ENFORCE))
    observed: Layer = field(default_factory=lambda: Layer(Mode.OBSERVE))
    hands: list[Hand] = field(default_factory=list)
    fights: dict[Slot, list[datetime]] = field(default_factory=dict)
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
    def here_since(self) -> datetime | None:
        """Since when the member is where they are, as the wall clock shows time now."""
        return self.visit_anchor or (None if self.visit is None else self.visit.joined_at)

    def in_visit(self, at: datetime) -> bool:
        """Whether it was in the present visit that something happened at an instant.

        It may have been before the wall clock was stepped, or after it.
        """
        visit = self.visit
        if visit is None:
            return False
        return min(visit.joined_at, self.visit_anchor or visit.joined_at) <= at

    @property
    def occupancy(self) -> int:
        """How many people are connected to the member's channel, as far as a rule asks."""
        return self.around.occupancy.humans.get(self.channel_id, 0)

    def entry_at(self, number: int) -> datetime | None:
        """When the member entered a channel, the last time being 1."""
        entries = self.history.entries
        return entries[-number] if number <= len(entries) else None

    def channel_entry_at(self, number: int) -> datetime | None:
        """When anybody entered the member's channel, the last time being 1."""
        return self.around.entries.entry_at(self.channel_id, number)

    def stays(self, since_at: datetime) -> Iterator[Stay]:
        """The member's stays that go on or ended after an instant, oldest first."""
        around = self.around
        for past in self.history.stays_since(since_at):
            category_id, kind = around.look_up(past.channel_id)
            yield Stay(past.channel_id, category_id, kind, past.joined_at, past.left_at)
        if (here_since := self.here_since) is not None:
            yield Stay(self.channel_id, self.category_id, self.channel_kind, here_since, None)

    def used(self, places: Places, since_at: datetime, at: datetime) -> timedelta:
        """For how long of the time from `since_at` to `at` the member was in such places.

        Nothing, for as long as nobody knows where they were all that time.
        """
        known_from = self.around.stays_from
        if known_from is not None and since_at < known_from:
            return timedelta()
        total = self.history.used(places, since_at, self.around)
        if (here_since := self.here_since) is not None and places.include(
            self.channel_id, self.category_id, self.channel_kind
        ):
            total += at - max(here_since, since_at)
        return total

    @property
    def forgettable(self) -> bool:
        """Whether nothing of an absent member needs to be remembered."""
        return (
            not self.connected
            and not self.left
            and not self.enforced.leases
            and not self.observed.leases
            and not self.history
            and self.reported_mute in (None, self.guild_mute)
            and self.reported_deaf in (None, self.guild_deaf)
            and self.reported_suppressed in (None, self.suppressed)
            and self.reported_roles == self.own_roles
        )


def new_episode_id(member: MemberState, rule: str, began_at: datetime) -> UUID:
    """The id for an episode that a rule begins for a member at an instant."""
    return make_id(member.guild_id, member.user_id, rule, began_at.isoformat())


def episode_ids(member: MemberState) -> set[UUID]:
    """The ids of the episodes that go on."""
    return {
        stretch.episode.id for stretch in member.stretches.values() if stretch.episode is not None
    }


@dataclass(slots=True, eq=False)
class GuildState:
    """One guild's tables; it is decided only while it is `available`.

    `seen` says whether it ever was: whoever the first snapshot finds was there before.
    `dirty` are the members whose facts have changed since they were last decided,
    `touched` those whose memory may have changed since it was last reported, `visits`
    what was opened or closed since then. `alive_at` is set after a restart until the
    guild is seen: the last instant at which its visits are known to have gone on. `humans`
    is what becomes of what others undo; None where they play no part.
    """

    id: GuildId
    available: bool = False
    seen: bool = False
    owner_id: UserId | None = None
    afk_channel_id: ChannelId | None = None
    roles: dict[RoleId, Role] = field(default_factory=dict)
    admin_roles: set[RoleId] = field(default_factory=set)
    around: Surroundings = field(default_factory=Surroundings)
    deleted_channels: set[ChannelId] = field(default_factory=set)
    known: dict[UserId, Member] = field(default_factory=dict)
    members: dict[UserId, MemberState] = field(default_factory=dict)
    fuses: Fuses = field(default_factory=Fuses)
    lookback: Lookback = NOTHING
    alive_at: datetime | None = None
    humans: Humans | None = None
    dirty: set[UserId] = field(default_factory=set)
    touched: set[UserId] = field(default_factory=set)
    visits: list[Visit] = field(default_factory=list)

    @property
    def awaited(self) -> bool:
        """Whether it is to be compared with its next GUILD_CREATE, and nobody decided before."""
        return not self.available and self.alive_at is not None

    @property
    def channels(self) -> dict[ChannelId, Channel]:
        """The guild's channels and categories."""
        return self.around.channels

    @property
    def deleted_roles(self) -> set[RoleId]:
        """The roles that there were and that nobody has any more."""
        return self.around.deleted_roles

    @property
    def occupancy(self) -> Occupancy:
        """Who is in which channel, as far as a rule asks."""
        return self.around.occupancy

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
