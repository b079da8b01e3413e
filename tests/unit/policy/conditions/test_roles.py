from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace

import pytest

from voxguard.policy.conditions.base import Condition, Key, KeyKind
from voxguard.policy.resolved import Rule

EVERYBODY = 110373943822540800


@pytest.fixture
def compiled(load_rule: Callable[[str], Rule]) -> Callable[[str], Condition]:
    """Compiles a name set of `who.roles`."""

    def compile_roles(names: str) -> Condition:
        return load_rule(f"{{who: {{roles: {names}}}, then: {{mute: true}}}}").conditions[0]

    return compile_roles


@pytest.mark.parametrize(
    ("names", "roles", "matches"),
    [
        ("staff", {811}, True),
        ("staff", set(), False),
        ("[staff, '900']", {900}, True),
        ("{all: [staff, dj]}", {811}, False),
        ("{all: [staff, dj]}", {811, 812, 900}, True),
        ("{none: [staff]}", set(), True),
        ("{none: [staff]}", {811, 812}, False),
        ("{any: [staff, dj], none: '900'}", {812}, True),
        ("{any: [staff, dj], none: '900'}", {812, 900}, False),
        ("'110373943822540800'", set(), True),
    ],
)
def test_members_match_by_their_roles(
    compiled: Callable[[str], Condition],
    facts: Callable[..., SimpleNamespace],
    noon: datetime,
    names: str,
    roles: set[int],
    matches: bool,
) -> None:
    """any, all and none are about the member's roles; everybody has the guild's own."""
    condition = compiled(names)
    assert condition.matches(facts(roles=frozenset({EVERYBODY} | roles)), noon) is matches
    assert not condition.timed
    assert condition.changes_at(facts(), noon) is None


def test_a_rule_can_be_filed_under_its_roles(compiled: Callable[[str], Condition]) -> None:
    """A matching member has one of any and each of all; none requires nothing."""
    staff, dj = Key(KeyKind.ROLE, 811), Key(KeyKind.ROLE, 812)
    assert compiled("[staff, dj]").required() == (frozenset({staff, dj}),)
    assert compiled("{all: [dj, staff]}").required() == (frozenset({staff}), frozenset({dj}))
    assert compiled("{none: [staff]}").required() == ()


def test_the_meaning_is_a_set_of_ids(compiled: Callable[[str], Condition]) -> None:
    """An alias means its id, and equal meaning compares equal."""
    assert compiled("{any: [dj, staff], none: ['5']}").canonical() == {
        "any": ["811", "812"],
        "none": ["5"],
    }
    assert compiled("[staff, dj]") == compiled("{any: ['812', '811', '811']}")
