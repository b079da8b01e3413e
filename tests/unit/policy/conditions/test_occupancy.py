from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace

import pytest

from voxguard.policy.conditions.base import Condition
from voxguard.policy.resolved import Rule


@pytest.fixture
def compiled(load_rule: Callable[..., Rule]) -> Callable[[str], Condition]:
    """Compiles bounds of `where.occupancy`."""

    def compile_count(bounds: str) -> Condition:
        rule = load_rule(f"{{where: {{occupancy: {bounds}}}, then: {{mute: true}}}}")
        return rule.conditions[0]

    return compile_count


@pytest.mark.parametrize(
    ("bounds", "matching"),
    [
        ("{min: 2}", [2, 3, 4]),
        ("{max: 2}", [0, 1, 2]),
        ("{min: 2, max: 3}", [2, 3]),
        ("{min: 3, max: 3}", [3]),
        ("{max: 0}", [0]),
        ("{min: 0}", [0, 1, 2, 3, 4]),
    ],
)
def test_both_bounds_are_inclusive(
    compiled: Callable[[str], Condition],
    facts: Callable[..., SimpleNamespace],
    noon: datetime,
    bounds: str,
    matching: list[int],
) -> None:
    """One less than `min` and one more than `max` do not match, they themselves do."""
    condition = compiled(bounds)
    assert [n for n in range(5) if condition.matches(facts(occupancy=n), noon)] == matching


def test_the_meaning_is_the_bounds(compiled: Callable[[str], Condition]) -> None:
    """Time alone changes nothing about it, and nothing is filed by it."""
    condition = compiled("{max: 3, min: 1}")
    assert condition.canonical() == {"min": 1, "max": 3}
    assert compiled("{max: 3}").canonical() == {"max": 3}
    assert not condition.timed
    assert condition.required() == ()
