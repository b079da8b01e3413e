from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from voxguard.policy.conditions.base import Condition
from voxguard.policy.resolved import GuildPolicy, Rule

CREATED = datetime(2016, 4, 30, 11, 18, 25, 796000, tzinfo=UTC)
USER = 175928847299117063
WEEK, SECOND, INSTANT = timedelta(days=7), timedelta(seconds=1), timedelta(microseconds=1)

Facts = Callable[..., SimpleNamespace]


@pytest.fixture
def compiled(load_rule: Callable[..., Rule]) -> Callable[[str], Condition]:
    """Compiles bounds of `who.account_age`."""

    def compile_age(bounds: str) -> Condition:
        rule = load_rule(f"{{who: {{account_age: {bounds}}}, then: {{mute: true}}}}")
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
    assert compiled(bounds).matches(facts(user_id=USER), CREATED + age) is matches


def test_the_next_bound_is_foretold(compiled: Callable[[str], Condition], facts: Facts) -> None:
    """Until an instant before it a bound is next; from it on the one after, or none."""
    condition, who = compiled("{min: 1d, max: 7d}"), facts(user_id=USER)
    first, last = CREATED + timedelta(days=1), CREATED + WEEK
    assert condition.timed
    assert condition.changes_at(who, CREATED) == first
    assert condition.changes_at(who, first - INSTANT) == first
    assert condition.changes_at(who, first) == last
    assert condition.changes_at(who, last - INSTANT) == last
    assert condition.changes_at(who, last) is None


def test_the_meaning_is_in_seconds(compiled: Callable[[str], Condition]) -> None:
    """However a bound is written, equal lengths mean the same, and nothing is filed by it."""
    assert compiled("{min: 90m}").canonical() == {"min": 5400}
    assert compiled("{min: 1h30m, max: 7d}") == compiled("{max: 168h, min: 5400s}")
    assert compiled("{max: 7d}").required() == ()


def test_exemptions_and_unless_know_it_too(load_guild: Callable[..., GuildPolicy]) -> None:
    """They share the block with rules."""
    more = (
        "  exempt: {who: {account_age: {min: 365d}}}\n"
        "rules: {one: {unless: {who: {account_age: {max: 1d}}}, then: {mute: true}}}\n"
    )
    guild = load_guild(more)
    assert guild.exempt.who is not None
    assert guild.exempt.who[0].canonical() == {"min": 31_536_000}
    (rule,) = guild.rules
    assert rule.unless is not None
    assert rule.unless[0].canonical() == {"max": 86_400}
