"""So many in the time just past: what counts, and until when."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from voxguard.policy.recent import MOST, InstantOf, Recent
from voxguard.policy.resolved import Rule

LoadRule = Callable[[str], Rule]
Problems = Callable[..., list[str]]
SECOND = timedelta(seconds=1)
THREE = Recent(3, timedelta(seconds=30))


def at_seconds(noon: datetime, *seconds: int) -> InstantOf:
    """Something that happened at these seconds after noon, the latest last."""

    def instant_of(number: int) -> datetime | None:
        return noon + SECOND * seconds[-number] if number <= len(seconds) else None

    return instant_of


@pytest.mark.parametrize(
    ("seconds", "now", "reached", "ends"),
    [
        ((), 0, False, None),
        ((0, 10), 10, False, None),
        ((0, 10, 29), 29, True, 30),
        ((0, 10, 30), 30, False, None),
        ((0, 10, 31), 31, False, None),
        ((0, 10, 29), 30, False, None),
        ((0, 0, 0), 0, True, 30),
        ((0, 0, 0), 29, True, 30),
        ((0, 0, 0), 30, False, None),
        ((0, 5, 10, 12), 12, True, 35),
        ((0, 5, 10, 12), 34, True, 35),
        ((0, 5, 10, 12), 35, False, None),
    ],
)
def test_each_counts_from_its_instant_to_the_end_of_the_time(
    noon: datetime, seconds: tuple[int, ...], now: int, reached: bool, ends: int | None
) -> None:
    """The instant itself belongs to it, and the end does not."""
    instant_of, at = at_seconds(noon, *seconds), noon + SECOND * now
    assert THREE.reached(instant_of, at) is reached
    assert THREE.changes_at(instant_of, at) == (None if ends is None else noon + SECOND * ends)


@pytest.mark.parametrize(
    ("now", "count"), [(15, 4), (29, 4), (30, 2), (34, 2), (35, 1), (44, 1), (45, 0)]
)
def test_how_many_there_are(noon: datetime, now: int, count: int) -> None:
    """All that still count, more than are asked for as well."""
    instant_of = at_seconds(noon, 0, 0, 5, 15)
    assert THREE.count(instant_of, noon + SECOND * now) == count


def test_the_meaning_is_the_number_and_the_seconds() -> None:
    """However the time was written."""
    assert THREE.canonical() == {"min": 3, "within": 30}


@pytest.mark.parametrize("key", ["entries", "channel_entries"])
@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("5", "VG011 A mapping (`key: value`) is expected here, not '5'."),
        ("{min: 5}", "VG010 The key `within` is missing here."),
        ("{within: 5s}", "VG010 The key `min` is missing here."),
        ("{min: 0, within: 5s}", "VG012 This must be at least 1, not '0'."),
        (f"{{min: {MOST + 1}, within: 5s}}", f"VG012 This must be at most {MOST}, not '1001'."),
        ("{min: 1.5, within: 5s}", "VG011 A whole number is expected here, not '1.5'."),
        ("{min: 5, within: 0s}", "VG012 The duration '0s' is zero."),
        ("{min: 5, within: 5}", "VG012 '5' is not a duration."),
        ("{min: 5, max: 7, within: 5s}", "VG008 There is no key 'max' here."),
        ("", "VG011 There is no value here."),
    ],
)
def test_what_makes_no_sense_is_refused(
    problems_of: Problems, key: str, text: str, problem: str
) -> None:
    """There is no `max`, and neither nothing nor everything can be meant."""
    (found,) = problems_of(f"rules: {{one: {{when: {{{key}: {text}}}, then: {{mute: true}}}}}}\n")
    assert problem in found


@pytest.mark.parametrize("key", ["entries", "channel_entries"])
@pytest.mark.parametrize("least", [1, MOST])
def test_the_least_and_the_most_that_can_be_asked_for(
    load_rule: LoadRule, key: str, least: int
) -> None:
    """Both are taken."""
    rule = load_rule(f"{{when: {{{key}: {{min: {least}, within: 90s}}}}, then: {{mute: true}}}}")
    assert rule.conditions[0].canonical() == {"min": least, "within": 90}
