from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from voxguard.policy.conditions.base import Condition, Key, KeyKind
from voxguard.policy.resolved import Rule

LISTS = """\
lists:
  one: {entries: ["1", {id: "2", until: 2026-03-02T15:00:00+03:00}]}
  two: {entries: ["1"]}
  three: {entries: ["3", {id: "1", until: 2026-03-05}]}
"""
UNTIL = datetime(2026, 3, 2, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)

Facts = Callable[..., SimpleNamespace]


@pytest.fixture
def compiled(load_rule: Callable[..., Rule]) -> Callable[[str], Condition]:
    """Compiles a name set of `who.lists`."""

    def compile_lists(names: str) -> Condition:
        rule = load_rule(f"{{who: {{lists: {names}}}, then: {{mute: true}}}}", LISTS)
        return rule.conditions[0]

    return compile_lists


@pytest.mark.parametrize(
    ("names", "matching"),
    [
        ("one", {1, 2}),
        ("[two, three]", {1, 3}),
        ("{all: [one, two]}", {1}),
        ("{none: [one]}", {3, 4}),
        ("{any: [one, three], none: [two]}", {2, 3}),
    ],
)
def test_members_match_by_the_lists_that_they_are_in(
    compiled: Callable[[str], Condition], facts: Facts, names: str, matching: set[int]
) -> None:
    """any, all and none are about membership, each on its own and together."""
    condition = compiled(names)
    at = UNTIL - SECOND
    assert {user for user in (1, 2, 3, 4) if condition.matches(facts(user_id=user), at)} == matching


def test_an_entry_is_out_from_its_until_on(
    compiled: Callable[[str], Condition], facts: Facts
) -> None:
    """A second before it is in, at that instant it is out, and the change is foretold."""
    condition, who = compiled("one"), facts(user_id=2)
    assert condition.timed
    assert condition.matches(who, UNTIL - SECOND)
    assert condition.changes_at(who, UNTIL - SECOND) == UNTIL
    assert not condition.matches(who, UNTIL)
    assert condition.changes_at(who, UNTIL) is None


def test_the_first_change_of_several_lists_counts(
    compiled: Callable[[str], Condition], facts: Facts
) -> None:
    """Being asked again too early is fine, too late is not."""
    condition = compiled("{any: [one, three], all: [two]}")
    assert condition.changes_at(facts(user_id=1), UNTIL) == datetime(2026, 3, 4, 21, tzinfo=UTC)


def test_lists_without_an_end_are_not_timed(compiled: Callable[[str], Condition]) -> None:
    """Nobody needs to be looked at again for them."""
    assert not compiled("two").timed


def test_a_rule_can_be_filed_under_its_lists(compiled: Callable[[str], Condition]) -> None:
    """A matching member is in one of any and in each of all; none requires nothing."""
    one, two, three = (Key(KeyKind.LIST, name) for name in ("one", "two", "three"))
    assert compiled("[one, two]").required() == (frozenset({one, two}),)
    assert compiled("{all: [one, three]}").required() == (frozenset({one}), frozenset({three}))
    assert compiled("{none: [one]}").required() == ()


def test_the_meaning_is_a_set_of_names(compiled: Callable[[str], Condition]) -> None:
    """Order and repetition mean nothing."""
    assert compiled("[two, one, two]").canonical() == {"any": ["one", "two"]}
    assert compiled("[two, one]").path == "who/lists"
