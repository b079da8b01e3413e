"""What an explanation is made of: a frozen tree from the guild down to each condition."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from voxguard.model.decisions import Effect, Mode
from voxguard.policy.effects.base import Slot


class Verdict(StrEnum):
    """Whether something is so; unknown where it depends on facts that nobody has given."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Obstacle(StrEnum):
    """What keeps a rule from holding, the first thing of these that does."""

    EXEMPT = "exempt"
    CONDITIONS = "conditions"
    FOR = "for"
    UNLESS = "unless"


class Standing(StrEnum):
    """What becomes of one effect of a rule.

    SILENT: the rule does not hold. DECIDES: it is the first to speak about the slot.
    DONE: it is the first, and what it wants is so already. WAITS: no mute or deafen begins
    once a placement is decided. AGREES: it stands behind an earlier rule that wants the
    same. TAKEN: an earlier rule wants something else. ALLOWED: behind an `allow`.
    IMPOSSIBLE: there is no such thing in that channel. What has no slot decides by itself.
    """

    SILENT = "silent"
    DECIDES = "decides"
    DONE = "done"
    WAITS = "waits"
    AGREES = "agrees"
    TAKEN = "taken"
    ALLOWED = "allowed"
    IMPOSSIBLE = "impossible"


@dataclass(frozen=True, slots=True)
class LeafExplanation:
    """One condition: what it wants, what the fact is (JSON values), and whether it matches.

    `changes_at` is when time alone may change the verdict. `off_by` is by how much a number
    or an age (in seconds) misses its bounds: below zero is too little. None where there are
    none, where it matches, or where it is not known.
    """

    path: str
    wanted: object
    value: object
    verdict: Verdict
    changes_at: datetime | None
    off_by: int | None = None


@dataclass(frozen=True, slots=True)
class WantExplanation:
    """One effect of a rule and its slot, None for a message.

    `standings` say what becomes of it and which other rule is the reason: one, or all
    that are possible where facts are unknown.
    """

    effect: Effect
    params: Mapping[str, object]
    slot: Slot | None
    standings: tuple[tuple[Standing, str | None], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleExplanation:
    """One rule, in the order of evaluation.

    `matches` is of the conditions together; `due_at` is when they will have matched for
    `lasting`, if nothing changes before; `excused` is the verdict on `unless`, None where
    there is none. `obstacles` is empty when it holds, and has several only where facts
    are unknown. `changes_at` is the next instant at which `holds` turns round, if only
    time passes; None is never, or not soon. `wants` are those of the step that the rule
    takes, `step` its number from 1 of `steps`; `hold` is how long they last at least.
    """

    name: str
    mode: Mode
    priority: int
    description: str
    conditions: tuple[LeafExplanation, ...]
    unless: tuple[LeafExplanation, ...] | None
    lasting: timedelta | None
    across_channels: bool
    matches: Verdict
    due_at: datetime | None
    excused: Verdict | None
    holds: Verdict
    obstacles: tuple[Obstacle, ...]
    changes_at: datetime | None
    allows: bool
    step: int
    steps: int
    hold: timedelta | None
    cooldown: timedelta | None
    wants: tuple[WantExplanation, ...]


@dataclass(frozen=True, slots=True)
class ExpectedDecision:
    """What is decided at once; not `certain` where it depends on facts that are unknown."""

    rule: str
    effect: Effect
    params: Mapping[str, object]
    mode: Mode
    certain: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """All rules of a guild for one member at one instant, in decision order."""

    at: datetime
    exempt: Verdict
    exempt_by: tuple[str, ...]
    exempt_who: tuple[LeafExplanation, ...]
    rules: tuple[RuleExplanation, ...]
    decisions: tuple[ExpectedDecision, ...]

    @property
    def changes_at(self) -> datetime | None:
        """The next instant at which a rule begins or ceases to hold, if only time passes."""
        changes = (rule.changes_at for rule in self.rules)
        return min((change for change in changes if change is not None), default=None)
