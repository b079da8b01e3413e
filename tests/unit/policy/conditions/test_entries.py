"""`when.entries`: how often the member has entered channels in the time just past."""

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest

from voxguard.policy.conditions.entries import HasEntries
from voxguard.policy.resolved import Rule

SECOND = timedelta(seconds=1)
Facts = Callable[..., SimpleNamespace]
LoadRule = Callable[[str], Rule]


@pytest.fixture
def condition(load_rule: LoadRule) -> HasEntries:
    """Two within half a minute."""
    text = "{when: {entries: {min: 2, within: 30s}}, then: {mute: true}}"
    (compiled,) = load_rule(text).conditions
    assert isinstance(compiled, HasEntries)
    return compiled


@pytest.mark.parametrize(("later", "matches"), [(0, True), (29, True), (30, False), (31, False)])
def test_an_entry_counts_from_its_instant_to_its_end(
    condition: HasEntries, facts: Facts, noon: datetime, later: int, matches: bool
) -> None:
    """One second before the end of the first there are two; at its end there is one."""
    at = noon + SECOND * later
    entries = [noon, at]
    somebody = facts(
        entry_at=lambda number: entries[-number], channel_entry_at=lambda _number: None
    )
    assert condition.matches(somebody, at) is matches
    assert condition.changes_at(somebody, at) == (noon + SECOND * 30 if matches else None)


def test_too_few_are_too_few(condition: HasEntries, facts: Facts, noon: datetime) -> None:
    """No more come by time alone."""
    somebody = facts(entry_at=lambda number: noon if number == 1 else None)
    assert not condition.matches(somebody, noon)
    assert condition.changes_at(somebody, noon) is None


def test_the_meaning_is_the_number_and_the_time(condition: HasEntries) -> None:
    """Time alone changes it, and nothing is filed by it."""
    assert condition.canonical() == {"min": 2, "within": 30}
    assert condition.path == "when/entries"
    assert condition.timed
    assert condition.required() == ()
