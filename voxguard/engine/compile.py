"""From a policy set to the rule index: choose for each rule where it is filed."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from voxguard.engine.index import Clause, GuildIndex, IndexedRule, RuleIndex, audit_reason
from voxguard.model.decisions import Mode
from voxguard.policy.conditions.base import Key, KeyKind
from voxguard.policy.conditions.occupancy import HasOccupancy
from voxguard.policy.lists import IdList
from voxguard.policy.resolved import GuildPolicy, PolicySet, Rule, RuleMode

EXPECTED_MEMBERS = {KeyKind.MEMBER: 1, KeyKind.CHANNEL: 20, KeyKind.ROLE: 100}
"""How many connected members share a key, roughly: only the order of sizes matters."""

EXPECTED_OF_A_LIST = 200
"""Lists can be huge while few of their members are connected at once."""


def compile_policies(policy_set: PolicySet, *, filed: bool = True) -> RuleIndex:
    """The index of a policy set.

    With `filed` off every rule is looked at for every member: the plain scan against
    which the filing is tested.
    """
    return RuleIndex(
        revision=policy_set.revision,
        guilds={
            guild_id: compile_guild(guild, filed=filed)
            for guild_id, guild in sorted(policy_set.guilds.items())
        },
    )


def observe_only(index: RuleIndex) -> RuleIndex:
    """The same rules, none of which is enforced."""
    return replace(
        index, guilds={guild_id: _observing(guild) for guild_id, guild in index.guilds.items()}
    )


def _observing(guild: GuildIndex) -> GuildIndex:
    rules = tuple(_in_mode(each.rule, Mode.OBSERVE) for each in guild.rules)
    return replace(guild, rules=rules, by_name={each.name: each for each in rules})


def compile_guild(guild: GuildPolicy, *, filed: bool = True) -> GuildIndex:
    """The index of one guild's rules."""
    rules = tuple(
        _indexed(rule, guild.mode)
        for rule in sorted(guild.rules, key=lambda rule: rule.order)
        if rule.mode is not RuleMode.OFF
    )
    places: dict[Key, list[int]] = defaultdict(list)
    unfiled: list[int] = []
    for position, each in enumerate(rules):
        keys = _rarest(each.rule, guild.lists) if filed else None
        if keys is None:
            unfiled.append(position)
        for key in keys or ():
            places[key].append(position)
    by_kind: dict[KeyKind, dict[int, tuple[int, ...]]] = {kind: {} for kind in KeyKind}
    by_list = []
    for key, positions in sorted(places.items()):
        if isinstance(key.value, str):
            by_list.append((guild.lists[key.value], tuple(positions)))
        else:
            by_kind[key.kind][key.value] = tuple(positions)
    who = guild.exempt.who
    return GuildIndex(
        guild_id=guild.id,
        exempt=guild.exempt,
        exempt_who=None if who is None else Clause.of(who),
        rules=rules,
        by_name={each.name: each for each in rules},
        unfiled=tuple(unfiled),
        by_member=by_kind[KeyKind.MEMBER],
        by_list=tuple(by_list),
        by_channel=by_kind[KeyKind.CHANNEL],
        by_role=by_kind[KeyKind.ROLE],
        counts_people=any(each.counts_people for each in rules),
    )


def _indexed(rule: Rule, guild_mode: Mode) -> IndexedRule:
    enforcing = guild_mode is Mode.ENFORCE and rule.mode is RuleMode.ENFORCE
    return _in_mode(rule, Mode.ENFORCE if enforcing else Mode.OBSERVE)


def _in_mode(rule: Rule, mode: Mode) -> IndexedRule:
    return IndexedRule(
        name=rule.name,
        rule=rule,
        mode=mode,
        meaning=f"{mode}:{rule.meaning}",
        clause=Clause.of(rule.conditions),
        unless=None if rule.unless is None else Clause.of(rule.unless),
        reason=audit_reason(rule.name, rule.description),
        order=rule.order,
        counts_people=any(isinstance(each, HasOccupancy) for each in rule.all_conditions),
    )


def _rarest(rule: Rule, lists: Mapping[str, IdList]) -> frozenset[Key] | None:
    """The set of keys that the fewest members can be expected to have one of."""
    required = [keys for condition in rule.conditions for keys in condition.required()]
    if not required:
        return None
    return min(required, key=lambda keys: (_expected(keys, lists), sorted(keys)))


def _expected(keys: frozenset[Key], lists: Mapping[str, IdList]) -> int:
    return sum(
        min(len(lists[key.value]), EXPECTED_OF_A_LIST)
        if isinstance(key.value, str)
        else EXPECTED_MEMBERS[key.kind]
        for key in keys
    )
