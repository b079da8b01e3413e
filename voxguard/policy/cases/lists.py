"""Members of a test in lists beside what the files say."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from voxguard.model.ids import UserId
from voxguard.policy.conditions.base import Condition
from voxguard.policy.conditions.lists import InLists
from voxguard.policy.lists import IdList
from voxguard.policy.resolved import GuildPolicy


def with_members(guild: GuildPolicy, added: Mapping[str, frozenset[UserId]]) -> GuildPolicy:
    """The same policy with more ids in its lists, and in every list that includes those."""
    if not added:
        return guild
    lists = dict(guild.lists)
    for name, more in _spread(added, guild.includes).items():
        lists[name] = IdList.union(name, [lists[name], IdList(name, more)])

    def all_anew(conditions: tuple[Condition, ...]) -> tuple[Condition, ...]:
        return tuple(_anew(condition, lists) for condition in conditions)

    who = guild.exempt.who
    return replace(
        guild,
        lists=lists,
        exempt=guild.exempt if who is None else replace(guild.exempt, who=all_anew(who)),
        rules=tuple(
            replace(
                rule,
                conditions=all_anew(rule.conditions),
                unless=None if rule.unless is None else all_anew(rule.unless),
            )
            for rule in guild.rules
        ),
    )


def _spread(
    added: Mapping[str, frozenset[UserId]], includes: Mapping[str, tuple[str, ...]]
) -> dict[str, set[UserId]]:
    """Who comes into which list: to those that are named, and up to what includes them."""
    above: dict[str, list[str]] = {}
    for name, included in includes.items():
        for one in included:
            above.setdefault(one, []).append(name)
    spread: dict[str, set[UserId]] = {}
    pending = [(name, more) for name, more in added.items()]
    while pending:
        name, more = pending.pop()
        there = spread.setdefault(name, set())
        if not more <= there:
            there |= more
            pending += [(one, more) for one in above.get(name, ())]
    return spread


def _anew(condition: Condition, lists: Mapping[str, IdList]) -> Condition:
    if not isinstance(condition, InLists):
        return condition
    sets = condition.sets

    def found(some: Iterable[IdList]) -> tuple[IdList, ...]:
        return tuple(lists[one.name] for one in some)

    return InLists(
        replace(
            sets,
            any=None if sets.any is None else found(sets.any),
            all=found(sets.all),
            none=found(sets.none),
        )
    )
