"""A policy set with every name resolved: what the engine compiles."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from voxguard.model.decisions import Humans, Mode
from voxguard.model.ids import ChannelId, GuildId, RoleId
from voxguard.model.limits import DEFAULT_BUDGET, DEFAULT_FUSE, Budget, Fuse
from voxguard.model.problems import Mark
from voxguard.policy.conditions.base import Condition
from voxguard.policy.effects.base import Want
from voxguard.policy.effects.step import Step
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
    not None) must not match as a whole. `steps` are what it wants: one, or several where
    `forget_after` is not None and it escalates. For `cooldown` after a decision it leaves a
    member alone. `spares` whoever is in a channel when it becomes active. A `budget` of
    None is none of its own; `fuse` counts only where `has_own_fuse`, else the guild's does.
    `meaning` is a hash of all that the rule says, with lists and schedules by name: state
    is carried over a revision where it is equal. `severity` is that of the most severe
    effect of all steps, `allow` included.
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
    steps: tuple[Step, ...] = (Step(),)
    forget_after: timedelta | None = None
    allows: bool = False
    cooldown: timedelta | None = None
    spares: bool = False
    budget: Budget | None = None
    fuse: Fuse | None = None
    has_own_fuse: bool = False

    @property
    def wants(self) -> tuple[Want, ...]:
        """Everything that it ever wants, of all steps."""
        return tuple(want for step in self.steps for want in step.wants)

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
    taken up, directly; their entries are in it by now. `budget` is that of all rules
    together, `fuse` that of each rule without one of its own.
    """

    id: GuildId
    directory: str
    mode: Mode = Mode.ENFORCE
    timezone: str = "UTC"
    channels: Mapping[str, ChannelId]
    roles: Mapping[str, RoleId]
    exempt: Exempt
    humans: Humans = Humans.YIELD
    budget: Budget = DEFAULT_BUDGET
    fuse: Fuse | None = DEFAULT_FUSE
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
