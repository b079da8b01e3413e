from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from voxguard.policy.conditions.base import Condition
from voxguard.policy.resolved import Rule

JOINED = datetime(2026, 2, 1, 9, 30, 0, 250000, tzinfo=UTC)
WEEK, SECOND, INSTANT = timedelta(days=7), timedelta(seconds=1), timedelta(microseconds=1)

Facts = Callable[..., SimpleNamespace]


@pytest.fixture
def compiled(load_rule: Callable[..., Rule]) -> Callable[[str], Condition]:
    """Compiles bounds of `who.membership_age`."""

    def compile_age(bounds: str) -> Condition:
        rule = load_rule(f"{{who: {{membership_age: {bounds}}}, then: {{mute: true}}}}")
        return rule.conditions[0]

    return compile_age


@pytest.mark.parametrize(
    ("bounds", "age", "matches"),
    [
        ("{min: 7d}", WEEK - SECOND, False),
        ("{min: 7d}", WEEK - INSTANT, False),
        ("{min: 7d}", WEEK, True),
        ("{min: 7d}", WEEK + SECOND, True),
        ("{max: 7d}", WEEK - SECOND, True),
        ("{max: 7d}", WEEK - INSTANT, True),
        ("{max: 7d}", WEEK, False),
        ("{max: 7d}", WEEK + SECOND, False),
        ("{min: 1d, max: 7d}", timedelta(days=1), True),
        ("{min: 1d, max: 7d}", WEEK, False),
        ("{min: 7d, max: 7d}", WEEK - INSTANT, False),
        ("{min: 7d, max: 7d}", WEEK, False),
        ("{max: 7d}", -SECOND, True),
    ],
)
def test_an_age_reaches_min_and_leaves_max_at_exactly_that_age(
    compiled: Callable[[str], Condition],
    facts: Facts,
    bounds: str,
    age: timedelta,
    matches: bool,
) -> None:
    """`min` belongs to what matches and `max` does not."""
    assert compiled(bounds).matches(facts(joined_at=JOINED), JOINED + age) is matches


def test_the_next_bound_is_foretold(compiled: Callable[[str], Condition], facts: Facts) -> None:
    """Until an instant before it a bound is next; from it on the one after, or none."""
    condition, who = compiled("{min: 1d, max: 7d}"), facts(joined_at=JOINED)
    first, last = JOINED + timedelta(days=1), JOINED + WEEK
    assert condition.timed
    assert condition.changes_at(who, JOINED) == first
    assert condition.changes_at(who, first - INSTANT) == first
    assert condition.changes_at(who, first) == last
    assert condition.changes_at(who, last - INSTANT) == last
    assert condition.changes_at(who, last) is None


def test_the_meaning_is_in_seconds(compiled: Callable[[str], Condition]) -> None:
    """However a bound is written, equal lengths mean the same, and nothing is filed by it."""
    assert compiled("{min: 90m}").canonical() == {"min": 5400}
    assert compiled("{min: 1h30m, max: 7d}") == compiled("{max: 168h, min: 5400s}")
    assert compiled("{max: 7d}").required() == ()


def test_unknown_does_not_match(compiled: Callable[[str], Condition], facts: Facts) -> None:
    """Whatever the bounds; and nothing is to be waited for."""
    for bounds in ("{min: 1d}", "{max: 7d}", "{min: 1d, max: 7d}"):
        assert not compiled(bounds).matches(facts(joined_at=None), JOINED)
        assert compiled(bounds).changes_at(facts(joined_at=None), JOINED) is None


def test_who_joins_in_thousands_of_years_is_not_waited_for(
    compiled: Callable[[str], Condition], facts: Facts
) -> None:
    """An instant that there is not is none at which anything changes."""
    who = facts(joined_at=datetime.max.replace(tzinfo=UTC))
    condition = compiled("{max: 36525d}")
    assert condition.matches(who, JOINED)
    assert condition.changes_at(who, JOINED) is None
