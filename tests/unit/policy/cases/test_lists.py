from datetime import UTC, datetime

from voxguard.model.ids import UserId
from voxguard.policy.cases.lists import with_members
from voxguard.policy.conditions.lists import InLists
from voxguard.policy.files import Sources
from voxguard.policy.load import load_sources
from voxguard.policy.resolved import GuildPolicy

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ALICE = UserId(9)
GUILD = b"""\
version: 1
guild:
  id: "1"
  exempt: {who: {lists: other}}
lists:
  outer: {include: [middle, other]}
  middle: {include: [inner]}
  inner: {entries: "7"}
  other: {}
rules:
  one:
    who: {lists: {any: outer, all: [inner], none: [other]}, roles: "5"}
    unless: {who: {lists: {none: [inner]}}}
    then: {mute: true}
  two: {then: {deafen: true}}
"""


def _guild(text: bytes = GUILD) -> GuildPolicy:
    loaded = load_sources(Sources({"guild.yaml": text}))
    assert loaded.policy_set is not None, loaded.problems
    [guild] = loaded.policy_set.guilds.values()
    return guild


def test_who_is_in_a_list_is_in_those_that_include_it() -> None:
    """Members of a test are where an entry in the file would put them."""
    guild = _guild()
    changed = with_members(guild, {"inner": frozenset({ALICE}), "middle": frozenset({ALICE})})
    there = {name for name, each in changed.lists.items() if each.contains(ALICE, NOON)}
    assert there == {"inner", "middle", "outer"}
    assert all(changed.lists[name].contains(UserId(7), NOON) for name in there)
    assert not guild.lists["inner"].contains(ALICE, NOON)


def test_conditions_see_the_lists_as_they_are_now() -> None:
    """Those of rules, of their `unless`, and of the exemption; the rest is as it was."""
    guild = _guild()
    changed = with_members(guild, {"inner": frozenset({ALICE}), "other": frozenset({ALICE})})
    one, two = changed.rules[1], changed.rules[0]
    assert two == guild.rules[0]
    assert one.conditions[1] == guild.rules[1].conditions[1]
    exempt, unless = changed.exempt.who, one.unless
    assert exempt is not None
    assert unless is not None
    for condition in (one.conditions[0], exempt[0], unless[0]):
        assert isinstance(condition, InLists)
        for part in (condition.sets.any or (), condition.sets.all, condition.sets.none):
            assert all(each is changed.lists[each.name] for each in part)


def test_nothing_is_made_anew_for_nobody() -> None:
    """Most tests put nobody in lists."""
    guild = _guild(GUILD.replace(b"  exempt: {who: {lists: other}}\n", b""))
    assert with_members(guild, {}) is guild
    assert with_members(guild, {"inner": frozenset({ALICE})}).exempt is guild.exempt
