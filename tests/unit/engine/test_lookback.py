"""How far the rules of a guild look back."""

from datetime import timedelta

import pytest

from tests.support.stage import GUILD, make_index
from voxguard.engine.lookback import NOTHING, Lookback, act_key
from voxguard.model.decisions import Mode

SECOND = timedelta(seconds=1)


def lookback(rules: str) -> Lookback:
    """That of a guild with these rules."""
    return make_index(f"rules: {{{rules}}}").guilds[GUILD].lookback


def test_without_such_rules_nothing_is_remembered() -> None:
    """As of a guild that has no rules."""
    assert lookback("one: {where: lobby, for: 1h, then: {mute: true, hold: 1h}}") == NOTHING
    assert Lookback() == NOTHING


@pytest.mark.parametrize("unless", [False, True])
def test_entries_as_many_and_as_long_as_some_rule_asks(unless: bool) -> None:
    """Those of a channel are counted apart; the time is the longest of all."""

    def when(text: str) -> str:
        return f"unless: {{when: {{{text}}}}}" if unless else f"when: {{{text}}}"

    found = lookback(
        f"one: {{{when('entries: {min: 5, within: 30s}')}, then: {{mute: true}}}},"
        f"two: {{{when('entries: {min: 2, within: 40s}')}, then: {{mute: true}}}},"
        f"three: {{{when('channel_entries: {min: 7, within: 20s}')}, then: {{mute: true}}}}"
    )
    assert (found.entries, found.channel_entries, found.entries_for) == (5, 7, 40 * SECOND)
    assert (found.stays_for, found.acts_for) == (timedelta(), {})


@pytest.mark.parametrize(("per", "hours"), [("24h", 24), ("day", 50), ("90m", 1.5)])
def test_stays_as_long_as_some_span(per: str, hours: float) -> None:
    """A day can have more than 24 hours."""
    found = lookback(
        f"one: {{when: {{time_used: {{min: 1h, per: {per}}}}}, then: {{mute: true}}}},"
        " two: {when: {time_used: {min: 1h, per: 1h}}, then: {mute: true}}"
    )
    assert found.stays_for == timedelta(hours=hours)
    assert (found.entries, found.channel_entries) == (0, 0)


def test_acts_as_long_as_a_cooldown_and_a_count() -> None:
    """Those of each rule for itself, in both modes: a blown fuse turns one into the other."""
    steps = "escalate: {forget_after: 90s, steps: [{mute: true}, {deafen: true}]}"
    found = lookback(
        f"cool: {{cooldown: 30s, then: {{mute: true}}}}, steps: {{{steps}}},"
        f"both: {{cooldown: 2m, {steps}}}, none: {{then: {{mute: true}}}}"
    )
    expected = {"cool": 30, "steps": 90, "both": 120}
    assert found.acts_for == {
        act_key(name, mode): SECOND * length for name, length in expected.items() for mode in Mode
    }


def test_acts_are_kept_apart_by_mode() -> None:
    """What was only observed does not count for what is done."""
    assert act_key("r", Mode.ENFORCE) == "enforce:r"
    assert act_key("r", Mode.OBSERVE) == "observe:r"
