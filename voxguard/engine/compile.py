"""From a policy set to the rule index: choose for each rule where it is filed."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain

from voxguard.engine.index import Clause, GuildIndex, IndexedRule, RuleIndex, audit_reason
from voxguard.engine.lookback import look_back
from voxguard.model.decisions import Mode
from voxguard.model.limits import Fuse
from voxguard.policy.conditions.base import Condition, Key, KeyKind
from voxguard.policy.conditions.channel_entries import HasChannelEntries
from voxguard.policy.conditions.occupancy import HasOccupancy
from voxguard.policy.conditions.schedule import IsOpen
from voxguard.policy.lists import IdList
from voxguard.policy.resolved import GuildPolicy, PolicySet, Rule, RuleMode
from voxguard.policy.schedules import Schedule

EXPECTED_MEMBERS = {KeyKind.MEMBER: 1, KeyKind.CHANNEL: 20, KeyKind.ROLE: 100}
"""How many connected members share a key, roughly: only the order of sizes matters."""

EXPECTED_OF_A_LIST = 200
"""Lists can be huge while few of their members are connected at once."""

WATCHING = (HasOccupancy, HasChannelEntries)
"""The conditions that others in the channel can change."""


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
    rules = tuple(_in_mode(each.rule, Mode.OBSERVE, each.fuse) for each in guild.rules)
    return replace(
        guild,
        rules=rules,
        by_name={each.name: each for each in rules},
        sparing=frozenset(each.meaning for each in rules if each.rule.spares),
    )


def compile_guild(guild: GuildPolicy, *, filed: bool = True) -> GuildIndex:
    """The index of one guild's rules."""
    rules = tuple(
        _indexed(rule, guild)
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
        watches_channels=any(each.watches_channel for each in rules),
        sparing=frozenset(each.meaning for each in rules if each.rule.spares),
        lookback=look_back(each.rule for each in rules),
        budget=guild.budget,
        humans=guild.humans,
    )


def _indexed(rule: Rule, guild: GuildPolicy) -> IndexedRule:
    enforcing = guild.mode is Mode.ENFORCE and rule.mode is RuleMode.ENFORCE
    fuse = rule.fuse if rule.has_own_fuse else guild.fuse
    return _in_mode(rule, Mode.ENFORCE if enforcing else Mode.OBSERVE, fuse)


def _in_mode(rule: Rule, mode: Mode, fuse: Fuse | None) -> IndexedRule:
    return IndexedRule(
        name=rule.name,
        rule=rule,
        mode=mode,
        meaning=f"{mode}:{rule.meaning}",
        clause=Clause.of(rule.conditions),
        unless=None if rule.unless is None else Clause.of(rule.unless),
        reason=audit_reason(rule.name, rule.description),
        order=rule.order,
        watches_channel=any(isinstance(each, WATCHING) for each in rule.all_conditions),
        schedules=tuple(_schedules(rule.all_conditions)),
        fuse=fuse,
    )


def _schedules(conditions: Iterable[Condition]) -> Iterator[Schedule]:
    for condition in conditions:
        if isinstance(condition, IsOpen):
            sets = condition.sets
            for _, schedule in chain(sets.any or (), sets.all, sets.none):
                yield schedule


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
