"""A policy set with every name resolved: what the engine compiles."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from voxguard.model.decisions import Mode
from voxguard.model.ids import ChannelId, GuildId, RoleId
from voxguard.model.problems import Mark
from voxguard.policy.conditions.base import Condition
from voxguard.policy.effects.base import Want
from voxguard.policy.lists import IdList
from voxguard.policy.schedules import Schedule


class RuleMode(StrEnum):
    """What becomes of a rule's decisions; OFF makes none."""

    ENFORCE = "enforce"
    OBSERVE = "observe"
    OFF = "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule of one guild.

    `conditions` must all match for `lasting` without a break, and `unless` (when it is
    not None) must not match as a whole. `wants` are in order of severity. `meaning` is
    a hash of all that the rule says, with lists and schedules by name: state is carried
    over a revision where it is equal. `severity` is that of the most severe effect,
    `allow` included.
    """

    name: str
    mark: Mark
    meaning: str
    description: str = ""
    owner: str = ""
    mode: RuleMode = RuleMode.ENFORCE
    priority: int = 100
    severity: int = 0
    conditions: tuple[Condition, ...] = ()
    unless: tuple[Condition, ...] | None = None
    lasting: timedelta | None = None
    across_channels: bool = False
    wants: tuple[Want, ...] = ()
    allows: bool = False

    @property
    def all_conditions(self) -> tuple[Condition, ...]:
        """Those that must match and those of `unless`."""
        return (*self.conditions, *(self.unless or ()))

    @property
    def order(self) -> tuple[int, int, str]:
        """The place among the rules of a guild: priority, severity, name."""
        return (self.priority, self.severity, self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exempt:
    """Whom no rule of a guild may touch; `who` must match as a whole, None is nobody."""

    who: tuple[Condition, ...] | None = None
    bots: bool = True
    admins: bool = True
    afk_channel: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class GuildPolicy:
    """All that applies to one guild, shared definitions included.

    `rules` are in decision order and include those that are off. `directory` is the
    guild's scope, relative to the policy set. `includes` says which lists each list has
    taken up, directly; their entries are in it by now.
    """

    id: GuildId
    directory: str
    mode: Mode = Mode.ENFORCE
    timezone: str = "UTC"
    channels: Mapping[str, ChannelId]
    roles: Mapping[str, RoleId]
    exempt: Exempt
    lists: Mapping[str, IdList]
    includes: Mapping[str, tuple[str, ...]]
    schedules: Mapping[str, Schedule]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicySet:
    """A whole set that has loaded; `revision` is the full SHA-256 of its meaning."""

    revision: str
    guilds: Mapping[GuildId, GuildPolicy]

    @property
    def short_revision(self) -> str:
        """The revision as people see it."""
        return self.revision[:12]
