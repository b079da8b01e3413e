import pickle
import re
from datetime import datetime

import pytest

from voxguard.policy.schedules.cron import Cron


def wall(text: str) -> datetime:
    """A wall-clock time."""
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "has five fields (minute, hour, day of month, month, day of week), `` has 0"),
        ("0 22 * *", "has 4"),
        ("0 0 22 * * *", "has 6; there are no seconds and no years"),
        ("0 0 22 * * * 2026", "has 7; there are no seconds and no years"),
        ("@daily", "`@daily` is a shorthand that is not understood; write `0 0 * * *`"),
        (" @Hourly ", "write `0 * * * *`"),
        ("@reboot", "write five fields: minute, hour"),
        ("61 * * * *", "minute: `61` is out of range"),
        ("0 22-6 * * *", "write `22-23,0-6`"),
        ("٣ * * * *", "plain ASCII"),
        ("0 0 * * *" + " " * 1000, "at most 500 characters, not 1009"),
    ],
)
def test_what_is_not_five_fields_is_refused(text: str, says: str) -> None:
    """An expression that is not five plain fields is a ValueError that says what to write."""
    with pytest.raises(ValueError, match=re.escape(says)):
        Cron.parse(text)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("0 22 * * *", "0 22 * * *"),
        ("  00\t22 */1 1-12 0-7 ", "0 22 * * *"),
        ("0-59 * * * *", "* * * * *"),
        ("0 0 * * SUN", "0 0 * * 0"),
        ("0 0 * * 7", "0 0 * * 0"),
        ("5,3,3-4 3-3 * jan *", "3,4,5 3 * 1 *"),
        ("0 0 1-31 * MON", "0 0 * * *"),
        ("0 0 1-29 2 *", "0 0 * 2 *"),
        ("0 0 5 * 0-6", "0 0 * * *"),
        ("0 0 */2 2 MON", f"0 0 {','.join(map(str, range(1, 30, 2)))} 2 1"),
        ("0 0 */1 * MON", "0 0 * * 1"),
        ("0 0 1,31 2 *", "0 0 1 2 *"),
        ("0 0 31 2,3,4 *", "0 0 31 3 *"),
        ("0 0 30 2 MON", "0 0 * 2 1"),
        ("0 0 30 2 *", "never"),
        ("0 0 31 4,6,9,11 *", "never"),
    ],
)
def test_the_normal_form_is_the_meaning(text: str, canonical: str) -> None:
    """Spellings of one meaning share one canonical form."""
    assert Cron.parse(text).canonical == canonical


def test_crons_of_one_meaning_are_equal() -> None:
    """Equality and hash go by meaning; the author's text is kept beside it."""
    first, second = Cron.parse("0 0 * * SUN"), Cron.parse("00 00 * * 7")
    assert first == second
    assert hash(first) == hash(second)
    assert (first.text, second.text) == ("0 0 * * SUN", "00 00 * * 7")
    assert first != Cron.parse("0 0 * * MON")


def test_a_cron_survives_pickling() -> None:
    """A policy set is loaded in another process and comes back as bytes."""
    cron = Cron.parse("*/5 8-17 * * MON-FRI")
    assert pickle.loads(pickle.dumps(cron)) == cron  # noqa: S301 - our own bytes


@pytest.mark.parametrize(
    ("text", "after", "expected"),
    [
        ("0 22 * * *", "2026-03-01T21:59:59", "2026-03-01T22:00"),
        ("0 22 * * *", "2026-03-01T22:00:00", "2026-03-02T22:00"),
        ("0 22 * * *", "2026-03-01T22:00:30", "2026-03-02T22:00"),
        ("0 3-3 * * *", "2026-03-01T03:00:00", "2026-03-02T03:00"),
        ("0 0 29 2 *", "2096-02-29T00:00:00", "2104-02-29T00:00"),
        ("0 0 13 * FRI", "2026-03-01T00:00:00", "2026-03-06T00:00"),
        ("0 0 13 * FRI", "2026-06-12T00:00:00", "2026-06-13T00:00"),
        ("0 0 */10 * MON", "2026-03-02T00:00:00", "2026-03-09T00:00"),
        ("59 23 31 12 *", "2026-12-31T23:59:00", "2027-12-31T23:59"),
    ],
)
def test_the_next_time_is_strictly_later(text: str, after: str, expected: str) -> None:
    """`next_after` gives the first time later than the one asked for."""
    assert Cron.parse(text).next_after(wall(after)) == wall(expected)


@pytest.mark.parametrize(
    ("text", "until", "expected"),
    [
        ("0 22 * * *", "2026-03-01T21:59:59", "2026-02-28T22:00"),
        ("0 22 * * *", "2026-03-01T22:00:00", "2026-03-01T22:00"),
        ("0 22 * * *", "2026-03-01T22:00:59.999999", "2026-03-01T22:00"),
        ("0 3-3 * * *", "2026-03-01T02:59:00", "2026-02-28T03:00"),
        ("0 0 29 2 *", "2104-02-28T00:00:00", "2096-02-29T00:00"),
        ("0 0 31 * *", "2026-03-30T00:00:00", "2026-01-31T00:00"),
    ],
)
def test_the_last_time_may_be_now(text: str, until: str, expected: str) -> None:
    """`last_until` gives the latest time up to and including the one asked for."""
    assert Cron.parse(text).last_until(wall(until)) == wall(expected)


def test_a_date_that_does_not_exist_never_fires() -> None:
    """A cron without any date answers at once that there is no time."""
    never = Cron.parse("0 0 30 2 *")
    assert never.never_fires
    assert never.next_after(wall("2026-01-01T00:00")) is None
    assert never.last_until(wall("2026-01-01T00:00")) is None
    assert never.per_day == 0
    assert not Cron.parse("0 0 29 2 *").never_fires


@pytest.mark.parametrize(
    ("text", "per_day"),
    [("*/10 * * * *", 144), ("0 0 * * 1", 1 / 7), ("0 0 1 1 *", 1 / 372), ("0 9 1 * 1", 54 / 310)],
)
def test_the_density_is_estimated(text: str, per_day: float) -> None:
    """`per_day` is near the number of times a day that it fires."""
    assert Cron.parse(text).per_day == pytest.approx(per_day, rel=0.05)
