"""`when.channel_entries`: how often anybody has entered the channel in the time just past."""

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest

from voxguard.policy.conditions.channel_entries import HasChannelEntries
from voxguard.policy.resolved import Rule

SECOND = timedelta(seconds=1)
Facts = Callable[..., SimpleNamespace]
LoadRule = Callable[[str], Rule]


@pytest.fixture
def condition(load_rule: LoadRule) -> HasChannelEntries:
    """Two within half a minute."""
    text = "{when: {channel_entries: {min: 2, within: 30s}}, then: {mute: true}}"
    (compiled,) = load_rule(text).conditions
    assert isinstance(compiled, HasChannelEntries)
    return compiled


@pytest.mark.parametrize(("later", "matches"), [(0, True), (29, True), (30, False), (31, False)])
def test_an_entry_counts_from_its_instant_to_its_end(
    condition: HasChannelEntries, facts: Facts, noon: datetime, later: int, matches: bool
) -> None:
    """One second before the end of the first there are two; at its end there is one."""
    at = noon + SECOND * later
    entries = [noon, at]
    somebody = facts(
        channel_entry_at=lambda number: entries[-number], entry_at=lambda _number: None
    )
    assert condition.matches(somebody, at) is matches
    assert condition.changes_at(somebody, at) == (noon + SECOND * 30 if matches else None)


def test_too_few_are_too_few(condition: HasChannelEntries, facts: Facts, noon: datetime) -> None:
    """No more come by time alone."""
    somebody = facts(channel_entry_at=lambda number: noon if number == 1 else None)
    assert not condition.matches(somebody, noon)
    assert condition.changes_at(somebody, noon) is None


def test_the_meaning_is_the_number_and_the_time(condition: HasChannelEntries) -> None:
    """Time alone changes it, and nothing is filed by it."""
    assert condition.canonical() == {"min": 2, "within": 30}
    assert condition.path == "when/channel_entries"
    assert condition.timed
    assert condition.required() == ()
