from datetime import UTC, datetime, timedelta

from voxguard.engine.known import (
    ACTS,
    STAYS,
    earliest,
    known_under,
    missing,
    rules_in,
    spans,
    with_read,
)
from voxguard.engine.lookback import NOTHING, Lookback

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_what_no_rule_asks_for_is_left_out() -> None:
    """Kinds are named, those of entries by how many are kept."""
    assert spans(NOTHING) == {}
    lookback = Lookback(
        entries=5,
        channel_entries=7,
        entries_for=HOUR,
        stays_for=DAY,
        acts_for={"enforce:loud": DAY, "observe:loud": DAY},
    )
    assert spans(lookback) == {"entries:5:7": HOUR, "stays": DAY, "acts:loud": DAY}


def test_a_fresh_start_knows_nothing_until_it_has_read() -> None:
    """What is missing is what is asked for; once read it is known, and stays so."""
    wanted = {STAYS: DAY, ACTS + "loud": HOUR}
    since = known_under({}, {}, wanted, NOON)
    assert since == dict.fromkeys(wanted, NOON)
    asked = missing(since, wanted, NOON)
    assert asked == {STAYS: NOON - DAY, ACTS + "loud": NOON - HOUR}
    since = with_read(since, asked)
    assert missing(since, wanted, NOON) == missing(since, wanted, NOON + DAY) == {}


def test_time_alone_makes_up_for_what_was_not_read() -> None:
    """Where nobody could read, everything is known after as long a time as rules look back."""
    since = known_under({}, {}, {STAYS: HOUR}, NOON)
    assert missing(since, {STAYS: HOUR}, NOON + HOUR - timedelta(seconds=1))
    assert not missing(since, {STAYS: HOUR}, NOON + HOUR)


def test_rules_that_look_back_further_ask_for_the_rest() -> None:
    """Nothing is kept beyond what was asked for, however long the daemon has run."""
    since = known_under({STAYS: NOON}, {STAYS: HOUR}, {STAYS: DAY}, NOON + 9 * DAY)
    assert since == {STAYS: NOON + 9 * DAY - HOUR}
    assert missing(since, {STAYS: DAY}, NOON + 9 * DAY) == {STAYS: NOON + 8 * DAY}
    shorter = known_under(since, {STAYS: DAY}, {}, NOON + 9 * DAY)
    assert shorter == {}
    again = known_under(shorter, {}, {STAYS: HOUR}, NOON + 10 * DAY)
    assert again == {STAYS: NOON + 10 * DAY}


def test_what_was_read_for_rules_that_are_gone_is_not_claimed() -> None:
    """A revision that came meanwhile has its own questions."""
    assert with_read({STAYS: NOON}, {STAYS: NOON - DAY, "acts:x": NOON}) == {STAYS: NOON - DAY}


def test_kinds_are_found_by_the_beginning_of_their_names() -> None:
    """Of several the earliest counts; rules are named without their kind."""
    since = {"entries:1:2": NOON, STAYS: NOON - DAY, "acts:b": NOON, "acts:a": NOON}
    assert earliest(since, "entries", STAYS) == NOON - DAY
    assert earliest(since, "entries") == NOON
    assert earliest({}, STAYS) is None
    assert rules_in(since) == ["a", "b"]
