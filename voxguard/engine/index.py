"""The rule index: an immutable revision of a policy set, filed for quick decisions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from voxguard.engine.lookback import NOTHING, Lookback
from voxguard.model.decisions import Humans, Mode
from voxguard.model.facts import Facts
from voxguard.model.ids import GuildId
from voxguard.model.limits import DEFAULT_BUDGET, Budget, Fuse
from voxguard.policy.conditions.base import Condition
from voxguard.policy.lists import IdList
from voxguard.policy.resolved import Exempt, Rule
from voxguard.policy.schedules import Schedule

AUDIT_REASON_LIMIT = 512
"""Characters of an audit-log reason (Discord, "Audit Logs Resource")."""

Positions = tuple[int, ...]


def audit_reason(rule: str, description: str) -> str:
    """What the guild's audit log shows of an act of this rule."""
    text = f"voxguard: {rule}: {description}" if description else f"voxguard: {rule}"
    return text[:AUDIT_REASON_LIMIT]


@dataclass(frozen=True, slots=True)
class Clause:
    """Conditions that must all match, those that time alone can change apart."""

    fixed: tuple[Condition, ...]
    timed: tuple[Condition, ...]

    @classmethod
    def of(cls, conditions: Iterable[Condition]) -> "Clause":
        """Tell the timed conditions from the others."""
        every = tuple(conditions)
        return cls(
            fixed=tuple(each for each in every if not each.timed),
            timed=tuple(each for each in every if each.timed),
        )

    def verdict(self, facts: Facts, at: datetime) -> tuple[bool, datetime | None]:
        """Whether all match, and when time alone may change that."""
        for condition in self.fixed:
            if not condition.matches(facts, at):
                return False, None
        wake_at = None
        for condition in self.timed:
            matches, changes_at = condition.verdict(facts, at)
            if not matches:
                return False, changes_at
            if changes_at is not None and (wake_at is None or changes_at < wake_at):
                wake_at = changes_at
        return True, wake_at


@dataclass(frozen=True, slots=True)
class IndexedRule:
    """A rule that is not off, ready for decisions; `mode` heeds the guild's mode.

    `meaning` includes that mode: what was only observed has not been done, and so is
    due again when the rule is enforced. `watches_channel`: others in the channel can
    change whether it holds. `schedules` are all that it names. `fused` marks one that
    observes because its `fuse` is blown.
    """

    name: str
    rule: Rule
    mode: Mode
    meaning: str
    clause: Clause
    unless: Clause | None
    reason: str
    order: tuple[int, int, str]
    watches_channel: bool
    schedules: tuple[Schedule, ...] = ()
    fuse: Fuse | None = None
    fused: bool = False


@dataclass(frozen=True, slots=True)
class GuildIndex:
    """The rules of one guild in decision order, filed by what their members must have.

    Each rule stands under every key of the rarest set of keys that it requires, or in
    `unfiled` when it requires nothing. Positions are those in `rules`. `watches_channels`
    says whether any rule does. `sparing` are the meanings of the rules that spare whoever
    was there before. `lookback` is how far any rule looks back, `budget` that of all rules
    together, `humans` what becomes of what somebody else undoes.
    """

    guild_id: GuildId
    exempt: Exempt
    exempt_who: Clause | None
    rules: tuple[IndexedRule, ...]
    by_name: Mapping[str, IndexedRule]
    unfiled: Positions
    by_member: Mapping[int, Positions]
    by_list: tuple[tuple[IdList, Positions], ...]
    by_channel: Mapping[int, Positions]
    by_role: Mapping[int, Positions]
    watches_channels: bool = False
    sparing: frozenset[str] = frozenset()
    lookback: Lookback = NOTHING
    budget: Budget = DEFAULT_BUDGET
    humans: Humans = Humans.YIELD

    def candidates(self, facts: Facts, at: datetime) -> tuple[IndexedRule, ...]:
        """Every rule that could match from `at` on while channel and roles stay, in order.

        Entries leave lists by themselves but never enter them, so the answer stays
        sufficient as time goes by.
        """
        found = [self.unfiled] if self.unfiled else []
        if positions := self.by_member.get(facts.user_id):
            found.append(positions)
        if positions := self.by_channel.get(facts.channel_id):
            found.append(positions)
        if facts.category_id is not None and (positions := self.by_channel.get(facts.category_id)):
            found.append(positions)
        if self.by_role:
            by_role = self.by_role
            found.extend(by_role[role] for role in facts.roles if role in by_role)
        for id_list, positions in self.by_list:
            if id_list.contains(facts.user_id, at):
                found.append(positions)
        rules = self.rules
        if len(found) == 1:
            return tuple(rules[position] for position in found[0])
        return tuple(rules[position] for position in sorted({p for ps in found for p in ps}))


@dataclass(frozen=True, slots=True)
class RuleIndex:
    """One immutable revision: an index a guild."""

    revision: str
    guilds: Mapping[GuildId, GuildIndex] = field(default_factory=dict)


EMPTY_INDEX = RuleIndex(revision="")
"""The index of no policy set at all: nobody is decided."""


def no_rules(guild_id: GuildId) -> GuildIndex:
    """The index of a guild that has no scope: whatever was held there is released."""
    return GuildIndex(
        guild_id=guild_id,
        exempt=Exempt(),
        exempt_who=None,
        rules=(),
        by_name={},
        unfiled=(),
        by_member={},
        by_list=(),
        by_channel={},
        by_role={},
    )
