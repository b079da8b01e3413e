"""What rules have begun of a member: stretches, episodes, leases, and a placement."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from voxguard.model.decisions import Effect, Mode
from voxguard.model.ids import ChannelId, RoleId, UserId
from voxguard.policy.effects.base import Slot


@dataclass(slots=True)
class Episode:
    """One unbroken stretch in which a rule holds.

    Its `id` is made once: `began_at` is another when the wall clock has been stepped. `step`
    is the one of the rule's steps that it takes, `quiet_until` the end of the cooldown that
    it began in, `done` are its momentary effects, `yielded` the slots that somebody else's
    hand has taken from it. What is `planned` is brought about by a schedule or a new
    revision, and no fuse counts it.
    """

    id: UUID
    began_at: datetime
    step: int = 0
    quiet_until: datetime | None = None
    planned: bool = False
    done: set[Effect] = field(default_factory=set)
    yielded: set[Slot] = field(default_factory=set)


@dataclass(slots=True)
class Stretch:
    """One unbroken stretch in which a rule's conditions match.

    `in_channel` tells one that another channel restarts. `barred` keeps a rule that
    holds again within the instant of its last episode from beginning another. `planned`
    is as for episodes.
    """

    meaning: str
    since_at: datetime
    in_channel: bool = False
    barred: bool = False
    planned: bool = False
    episode: Episode | None = None


@dataclass(frozen=True, slots=True)
class Lease:
    """A rule's claim on a slot, kept while the rule holds and up to `until_at` at least."""

    rule: str
    order: tuple[int, int, str]
    effect: Effect
    episode_id: UUID
    since_at: datetime
    until_at: datetime | None = None
    role_id: RoleId | None = None


@dataclass(frozen=True, slots=True)
class Hand:
    """Somebody else's hand on a slot: the leases that were on it then, and whose it is, if known.

    It has `undone` what they held, or has done it before us. `again` numbers those that a rule
    does not yield to; 0 is one that it does.
    """

    slot: Slot
    leases: tuple[Lease, ...]
    undone: bool
    by: UserId | None = None
    again: int = 0


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
