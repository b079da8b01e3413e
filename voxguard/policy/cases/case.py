"""A policy test with every name resolved: what a runner plays."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from voxguard.model.decisions import Effect
from voxguard.model.ids import ChannelId, RoleId, UserId
from voxguard.model.problems import Mark
from voxguard.policy.resolved import GuildPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseMember:
    """Somebody who takes part; `channel_id` is where they have been since the start.

    `lists` are those that they are in beside what the files say.
    """

    name: str
    user_id: UserId
    roles: frozenset[RoleId] = frozenset()
    lists: frozenset[str] = frozenset()
    bot: bool = False
    admin: bool = False
    joined_at: datetime | None = None
    channel_id: ChannelId | None = None


@dataclass(frozen=True, slots=True)
class Enter:
    """The member joins a channel, or goes over to it."""

    channel_id: ChannelId


@dataclass(frozen=True, slots=True)
class Leave:
    """The member leaves voice."""


@dataclass(frozen=True, slots=True)
class ChangeState:
    """Flags of the member's voice state, by their names in the language."""

    flags: Mapping[str, bool]


@dataclass(frozen=True, slots=True)
class ChangeRoles:
    """These are the member's roles from now on."""

    roles: frozenset[RoleId]


@dataclass(frozen=True, slots=True)
class Moderate:
    """A moderator's hand: flags as in ChangeState, which Discord sets of the connected alone."""

    flags: Mapping[str, bool]


Action = Enter | Leave | ChangeState | ChangeRoles | Moderate


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happens to one member, so long after the start."""

    at: timedelta
    mark: Mark
    member: str
    action: Action


@dataclass(frozen=True, slots=True)
class Expectation:
    """A decision that must be made; `rule` is None where any will do."""

    effect: Effect
    params: Mapping[str, object]
    rule: str | None


@dataclass(frozen=True, slots=True)
class Demand:
    """All that one step expects of one member at one instant; empty is nothing."""

    at: timedelta
    mark: Mark
    member: str
    expectations: tuple[Expectation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One test. Happenings and demands are in the order of the file.

    `stages` are the channels that are stage channels; all others are voice channels.
    `marks` has the first step of each instant, in order.
    """

    name: str
    mark: Mark
    guild: GuildPolicy
    start_at: datetime
    stages: frozenset[ChannelId] = frozenset()
    members: Mapping[str, CaseMember]
    happenings: tuple[Happening, ...]
    demands: tuple[Demand, ...]
    marks: Mapping[timedelta, Mark]

    @property
    def by_id(self) -> Mapping[UserId, CaseMember]:
        """The members by their ids."""
        return {member.user_id: member for member in self.members.values()}
