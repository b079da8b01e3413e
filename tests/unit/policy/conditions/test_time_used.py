"""`when.time_used`: connected time in the rule's channels, of a day or of the time just past."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from types import SimpleNamespace

import pytest

from tests.support.stays import stays_since, used_of
from voxguard.model.ids import ChannelId
from voxguard.model.visits import Stay
from voxguard.model.world import ChannelKind
from voxguard.policy.conditions.time_used import HasTimeUsed
from voxguard.policy.resolved import Rule

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
LOBBY, AFK, MUSIC, CATEGORY, ELSEWHERE = map(ChannelId, (801, 802, 803, 805, 809))

Facts = Callable[..., SimpleNamespace]
LoadRule = Callable[[str], Rule]
Problems = Callable[..., list[str]]


def condition_of(rule: Rule) -> HasTimeUsed:
    """The condition of a rule that has it."""
    (found,) = (each for each in rule.all_conditions if isinstance(each, HasTimeUsed))
    return found


def stay(joined_at: datetime, left_at: datetime | None = None, channel: ChannelId = LOBBY) -> Stay:
    """A stay in the lobby, if nothing else is said."""
    return Stay(channel, None, ChannelKind.VOICE, joined_at, left_at)


@pytest.fixture
def member(facts: Facts) -> Callable[..., SimpleNamespace]:
    """Somebody who has stayed and stays where it is said."""

    def make(*stays: Stay) -> SimpleNamespace:
        present = next((each.channel_id for each in stays if each.left_at is None), ELSEWHERE)
        return facts(
            stays=partial(stays_since, stays), used=partial(used_of, stays), channel_id=present
        )

    return make


@pytest.fixture
def rolling(load_rule: LoadRule) -> HasTimeUsed:
    """An hour of two, in the lobby."""
    return condition_of(
        load_rule("{where: lobby, when: {time_used: {min: 1h, per: 2h}}, then: {mute: true}}")
    )


@pytest.fixture
def daily(load_rule: LoadRule) -> HasTimeUsed:
    """Two hours of a day in Moscow, which begins at 21:00 UTC."""
    return condition_of(load_rule("{when: {time_used: {min: 2h, per: day}}, then: {mute: true}}"))


@pytest.mark.parametrize(("second", "matches"), [(-1, False), (0, True), (1, True)])
def test_it_is_reached_at_exactly_the_time(
    rolling: HasTimeUsed,
    daily: HasTimeUsed,
    member: Facts,
    noon: datetime,
    second: int,
    matches: bool,
) -> None:
    """One second before it is not, and it is foretold."""
    for condition in (rolling, daily):
        somebody = member(stay(noon))
        due_at = noon + condition.min
        at = due_at + SECOND * second
        assert condition.used(somebody, at) == condition.min + SECOND * second
        assert condition.matches(somebody, at) is matches
        if not matches:
            assert condition.changes_at(somebody, at) == due_at


def test_a_day_begins_with_nothing(daily: HasTimeUsed, member: Facts) -> None:
    """What was used before midnight counts until then, and not after."""
    midnight = datetime(2026, 3, 2, 21, tzinfo=UTC)
    somebody = member(stay(midnight - 130 * MINUTE))
    assert daily.matches(somebody, midnight - SECOND)
    assert daily.changes_at(somebody, midnight - SECOND) == midnight
    assert not daily.matches(somebody, midnight)
    assert daily.used(somebody, midnight) == timedelta()
    assert daily.changes_at(somebody, midnight) == midnight + 120 * MINUTE
    # What cannot be reached on this day is begun anew with the next.
    late = member(stay(midnight - 30 * MINUTE))
    assert daily.changes_at(late, midnight - 20 * MINUTE) == midnight


def test_of_a_day_only_its_own_part_of_a_stay_counts(daily: HasTimeUsed, member: Facts) -> None:
    """A stay over midnight counts for both days, each with its part."""
    midnight = datetime(2026, 3, 2, 21, tzinfo=UTC)
    somebody = member(
        stay(midnight - 100 * MINUTE, midnight + 50 * MINUTE), stay(midnight + 60 * MINUTE)
    )
    assert daily.used(somebody, midnight + 60 * MINUTE) == 50 * MINUTE
    assert daily.changes_at(somebody, midnight + 60 * MINUTE) == midnight + 130 * MINUTE


def test_who_is_elsewhere_gets_there_by_no_time(
    rolling: HasTimeUsed, member: Facts, noon: datetime
) -> None:
    """What is used does not grow, be it enough already or not."""
    at = noon + 100 * MINUTE
    for minutes in (10, 70):
        somebody = member(stay(noon, noon + MINUTE * minutes), stay(at, channel=MUSIC))
        assert rolling.used(somebody, at) == MINUTE * minutes
        assert rolling.changes_at(somebody, at) is None


def test_of_a_day_who_is_elsewhere_has_used_what_they_have(
    load_rule: LoadRule, member: Facts, noon: datetime
) -> None:
    """Until the day is over."""
    text = "{where: lobby, when: {time_used: {min: 1h, per: day}}, then: {mute: true}}"
    condition, at = condition_of(load_rule(text)), noon + 100 * MINUTE
    enough = member(stay(noon, noon + 60 * MINUTE), stay(at, channel=MUSIC))
    assert condition.changes_at(enough, at) == datetime(2026, 3, 2, 21, tzinfo=UTC)
    little = member(stay(noon, noon + 59 * MINUTE), stay(at, channel=MUSIC))
    assert condition.changes_at(little, at) is None


@pytest.mark.parametrize(
    ("stays", "now", "used", "due"),
    [
        # The window is two hours; minutes after noon.
        ([(0, 30)], 100, 30, 160),
        ([(0, 30), (60, 70)], 100, 40, 120),
        # Back at 120 with 30 at the left edge: as much is left behind as is added until 150.
        ([(0, 30)], 120, 30, 180),
        ([(0, 50)], 130, 40, 190),
        # Two old stays with a gap of 20 between them.
        ([(0, 20), (40, 50)], 120, 30, 180),
        ([(0, 20), (60, 70)], 120, 30, 170),
        ([(0, 20), (30, 40), (50, 55)], 120, 35, 180),
        # An old stay that the window has left behind already, exactly and by a minute.
        ([(0, 30)], 150, 0, 210),
        ([(0, 30)], 151, 0, 211),
        ([(0, 30)], 149, 1, 209),
    ],
)
def test_the_left_edge_goes_on_while_the_member_stays(
    rolling: HasTimeUsed,
    member: Facts,
    noon: datetime,
    stays: list[tuple[int, int]],
    now: int,
    used: int,
    due: int,
) -> None:
    """What is missing is made up for where the edge lies in a gap, and not within an old stay."""
    somebody = member(
        *(stay(noon + MINUTE * joined, noon + MINUTE * left) for joined, left in stays),
        stay(noon + MINUTE * now),
    )
    at, due_at = noon + MINUTE * now, noon + MINUTE * due
    assert rolling.used(somebody, at) == MINUTE * used
    assert rolling.changes_at(somebody, at) == due_at
    assert not rolling.matches(somebody, due_at - SECOND)
    assert rolling.matches(somebody, due_at)


def test_a_full_span_is_reached_at_its_end(
    load_rule: LoadRule, member: Facts, noon: datetime
) -> None:
    """All of the time just past, and no more than there is of it."""
    full = condition_of(load_rule("{when: {time_used: {min: 2h, per: 2h}}, then: {mute: true}}"))
    somebody = member(stay(noon - 30 * MINUTE, noon - 20 * MINUTE), stay(noon))
    assert full.changes_at(somebody, noon + 10 * MINUTE) == noon + 120 * MINUTE
    assert full.matches(somebody, noon + 120 * MINUTE)
    more = condition_of(load_rule("{when: {time_used: {min: 3h, per: 2h}}, then: {mute: true}}"))
    assert more.changes_at(somebody, noon + 110 * MINUTE) is None
    assert more.changes_at(somebody, noon + 300 * MINUTE) is None


@pytest.mark.parametrize(
    ("where", "counted"),
    [
        ("", [1, 2, 4, 8]),
        ("where: lobby, ", [1]),
        ("where: [lobby, music], ", [1, 2]),
        ("where: {channels: {none: lobby}}, ", [2, 4, 8]),
        ("where: {kinds: stage}, ", [4]),
        ("where: {channels: '805'}, ", [8]),
        ("where: {channels: lobby, occupancy: {max: 1}}, ", [1]),
    ],
)
def test_the_channels_and_kinds_of_the_rule_count(
    load_rule: LoadRule, member: Facts, noon: datetime, where: str, counted: list[int]
) -> None:
    """How full they were does not; without any all channels do."""
    text = f"{{{where}when: {{time_used: {{min: 9h, per: 24h}}}}, then: {{mute: true}}}}"
    condition = condition_of(load_rule(text))
    somebody = member(
        stay(noon, noon + 1 * MINUTE),
        stay(noon, noon + 2 * MINUTE, MUSIC),
        Stay(AFK, None, ChannelKind.STAGE, noon, noon + 4 * MINUTE),
        Stay(AFK, CATEGORY, ChannelKind.VOICE, noon, noon + 8 * MINUTE),
    )
    assert condition.used(somebody, noon + 60 * MINUTE) == MINUTE * sum(counted)


def test_under_unless_it_is_the_rules_own_where(load_rule: LoadRule) -> None:
    """What `unless` itself says of channels is another condition."""
    rule = load_rule(
        "{where: lobby, unless: {where: music, when: {time_used: {min: 1h, per: day}}},"
        " then: {mute: true}}"
    )
    channels = condition_of(rule).places.channels
    assert channels is not None
    assert channels.any == frozenset({LOBBY})


def test_the_meaning_is_the_time_and_the_span(rolling: HasTimeUsed, daily: HasTimeUsed) -> None:
    """Time alone changes it, and nothing is filed by it."""
    assert rolling.canonical() == {"min": 3600, "per": 7200}
    assert daily.canonical() == {"min": 7200, "per": ["day", "Europe/Moscow"]}
    assert rolling.timed
    assert daily.timed
    assert rolling.required() == ()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("2h", "VG011 A mapping (`key: value`) is expected here, not '2h'."),
        ("{min: 2h}", "VG010 The key `per` is missing here."),
        ("{per: day}", "VG010 The key `min` is missing here."),
        ("{min: 2h, per: week}", "VG012 'week' is not a duration."),
        ("{min: 2h, per: 0s}", "VG012 The duration '0s' is zero."),
        ("{min: 0s, per: day}", "VG012 The duration '0s' is zero."),
        ("{min: 2h, max: 3h, per: day}", "VG008 There is no key 'max' here."),
    ],
)
def test_what_makes_no_sense_is_refused(problems_of: Problems, text: str, problem: str) -> None:
    """There is no `max`, and no other words than `day`."""
    (found,) = problems_of(
        f"rules: {{one: {{when: {{time_used: {text}}}, then: {{mute: true}}}}}}\n"
    )
    assert problem in found
