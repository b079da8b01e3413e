"""What is known of a guild and its members, and what is remembered of decisions."""

from dataclasses import dataclass, field

from tests.properties.oracle.rules import Step

Slot = tuple[str, int]
STAGE = 13
VOICE = 2
ADMINISTRATOR = 8


@dataclass
class Episode:
    """One unbroken stretch in which a rule holds for a member.

    `done` are the effects that have happened in it, `cooled_at` is when the rule may act,
    and `acted_at` when it did so last.
    """

    step: Step
    cooled_at: int
    done: set[tuple[str, int]] = field(default_factory=set)
    acted_at: int | None = None


@dataclass(eq=False)
class Lease:
    """A rule's claim on a held effect, kept until an instant even if the rule stops.

    `left` says that it has ended because the member left, which is still to be decided.
    """

    rule: str
    mode: str
    slot: Slot
    episode: Episode
    held_until: int
    left: bool = False


@dataclass
class Stretch:
    """Since when a rule's conditions have matched, and in which visit that began."""

    since: int
    visit: int


@dataclass
class Member:
    """One member of a guild.

    `channel` is where they are by the last event, `visiting` where they are as far as visits
    go: within an instant the two may differ. `on` are the held effects that are on, by whosever
    hand: (effect, role or 0). `reported` is the same as the trace told it last.
    """

    id: int
    bot: bool = False
    joined_at: int | None = None
    channel: int | None = None
    visiting: int | None = None
    visit: int = 0
    visit_began: int = 0
    spared: bool = False
    flags: dict[str, bool] = field(default_factory=dict)
    on: set[Slot] = field(default_factory=set)
    reported: dict[str, bool] = field(default_factory=dict)
    reported_roles: set[int] | None = None
    visits: list[tuple[int, int, int]] = field(default_factory=list)
    entries: list[tuple[int, int]] = field(default_factory=list)
    stretches: dict[str, Stretch] = field(default_factory=dict)
    episodes: dict[str, Episode] = field(default_factory=dict)
    resting: set[str] = field(default_factory=set)
    acted: dict[str, list[int]] = field(default_factory=dict)
    leases: list[Lease] = field(default_factory=list)
    placed: set[str] = field(default_factory=set)

    def leased(self, slot: Slot, mode: str = "enforce") -> bool:
        """Whether a rule of a mode has a lease on a slot."""
        return any(lease.slot == slot and lease.mode == mode for lease in self.leases)

    def end_episode(self, rule: str) -> None:
        """Let a rule's episode be over, and keep what cooldown and escalation ask for."""
        episode = self.episodes.pop(rule, None)
        if episode is not None and episode.acted_at is not None:
            self.acted.setdefault(rule, []).append(episode.acted_at)


@dataclass
class Guild:
    """One guild. Of channels that are gone the last parent and kind are kept."""

    id: int
    appeared: bool = False
    present: bool = False
    owner: int | None = None
    afk: int | None = None
    roles: dict[int, int] = field(default_factory=dict)
    deleted: set[int] = field(default_factory=set)
    channels: dict[int, tuple[int, int | None]] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)
    members: dict[int, Member] = field(default_factory=dict)

    def member(self, user_id: int) -> Member:
        """A member, made up when not known yet."""
        return self.members.setdefault(user_id, Member(user_id))

    def has(self, member: Member, role: int) -> bool:
        """Whether a member has a role; the guild's id is everybody's."""
        return role == self.id or (("grant", role) in member.on and role not in self.deleted)

    def kind(self, channel: int) -> int | None:
        """A channel's type."""
        return self.channels[channel][0] if channel in self.channels else None

    def is_in(self, channel: int, place: int) -> bool:
        """Whether a channel is, or is in a category that is, a place that a rule names."""
        parent = self.channels[channel][1] if channel in self.channels else None
        return place == channel or (place == parent and parent not in self.gone)
