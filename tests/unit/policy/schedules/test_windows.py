import re
from datetime import UTC, datetime, timedelta

import pytest

from voxguard.policy.schedules.cron import Cron
from voxguard.policy.schedules.windows import CronFor, CronToCron, Once, Window
from voxguard.policy.schedules.zones import zone

FAR = datetime(2027, 1, 1, tzinfo=UTC)


def instant(text: str) -> datetime:
    """An instant in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def wall(text: str) -> datetime:
    """A wall-clock time."""
    return datetime.fromisoformat(text)


def cron_to_cron(start: str, end: str) -> CronToCron:
    """A window from one cron to another."""
    return CronToCron(Cron.parse(start), Cron.parse(end))


def cron_for(start: str, **length: int) -> CronFor:
    """A window of a length."""
    return CronFor(Cron.parse(start), timedelta(**length))


def once(from_: str, to: str) -> Once:
    """A window of two dates."""
    return Once(wall(from_), wall(to))


@pytest.mark.parametrize(
    ("window", "at", "is_open", "until"),
    [
        (cron_to_cron("0 22 * * *", "0 8 * * *"), "2026-03-02T21:59:59", False, "2026-03-02T22:00"),
        (cron_to_cron("0 22 * * *", "0 8 * * *"), "2026-03-02T22:00", True, "2026-03-03T08:00"),
        (cron_to_cron("0 22 * * *", "0 8 * * *"), "2026-03-03T08:00", False, "2026-03-03T22:00"),
        (cron_to_cron("0 20,22 * * *", "0 8 * * *"), "2026-03-02T21:00", True, "2026-03-03T08:00"),
        (cron_to_cron("0 9 * * *", "0 8,9 * * *"), "2026-03-02T09:00", False, None),
        (cron_to_cron("0 9,12 * * *", "0 9 * * *"), "2026-03-02T09:00", False, "2026-03-02T12:00"),
        (cron_to_cron("0 9 * * *", "0 0 30 2 *"), "2026-03-02T09:00", True, None),
        (cron_to_cron("0 0 30 2 *", "0 9 * * *"), "2026-03-02T09:00", False, None),
        (cron_for("0 0 * * SAT", hours=48), "2026-03-06T23:59:59", False, "2026-03-07T00:00"),
        (cron_for("0 0 * * SAT", hours=48), "2026-03-07T00:00", True, "2026-03-09T00:00"),
        (cron_for("0 0 * * SAT", hours=48), "2026-03-09T00:00", False, "2026-03-14T00:00"),
        (cron_for("0,20,40 9 * * *", minutes=30), "2026-03-02T09:05", True, "2026-03-02T10:10"),
        (cron_for("0 * * * *", hours=1), "2026-03-02T09:05", True, None),
        (cron_for("0 0 30 2 *", hours=1), "2026-03-02T09:05", False, None),
        (cron_for("0 0 * * *", seconds=1), "2026-03-02T00:00:00.5", True, "2026-03-02T00:00:01"),
        (once("2026-03-02T09:00", "2026-03-02T10:00:30"), "2026-01-01", False, "2026-03-02T09:00"),
        (
            once("2026-03-02T09:00", "2026-03-02T10:00:30"),
            "2026-03-02T09:00",
            True,
            "2026-03-02T10:00:30",
        ),
        (once("2026-03-02T09:00", "2026-03-02T10:00:30"), "2026-03-02T10:00:30", False, None),
        (once("0001-01-01", "9999-12-31"), "2026-03-02T10:00:30", True, None),
        (once("2150-01-01", "2151-01-01"), "2026-03-02T10:00:30", False, None),
    ],
)
def test_a_window_includes_its_start_and_excludes_its_end(
    window: Window, at: str, is_open: bool, until: str | None
) -> None:
    """Each form opens at its start, closes at its end, and says when it next changes."""
    change = None if until is None else instant(until)
    assert window.state(instant(at), zone("UTC"), FAR) == (is_open, change)


@pytest.mark.parametrize(
    ("window", "state"),
    [
        (cron_to_cron("0 9 * * *", "0 8 * * *"), (True, instant("2026-03-03T08:00"))),
        (cron_to_cron("* 10 * * *", "* 10 * * *"), (False, None)),
        (cron_for("* * * * *", minutes=1), (True, None)),
    ],
)
def test_a_search_stops_at_its_limit(window: Window, state: tuple[bool, datetime | None]) -> None:
    """A window that never changes is searched up to the limit and no further."""
    assert window.state(instant("2026-03-02T10:00"), zone("UTC"), instant("2026-03-05")) == state


def test_dates_that_one_gap_swallows_open_nothing() -> None:
    """A single window that lies in a skipped hour starts and ends at one instant."""
    window = once("2026-03-29T02:10", "2026-03-29T02:50")
    for at in ("2026-03-29T00:59", "2026-03-29T01:00", "2026-03-29T01:10"):
        assert window.state(instant(at), zone("Europe/Berlin"), FAR) == (False, None)


@pytest.mark.parametrize(
    ("from_", "to", "says"),
    [
        ("2026-01-02", "2026-01-02", "`from` (2026-01-02T00:00:00) must be before `to` (2026-01"),
        ("2026-01-02", "2026-01-01", "must be before"),
        ("2026-01-01T00:00+03:00", "2026-01-02", "write them without an offset"),
        ("2026-01-01", "2026-01-02T00:00Z", "write them without an offset"),
    ],
)
def test_dates_that_make_no_window_are_refused(from_: str, to: str, says: str) -> None:
    """A window that ends before it starts, or has an offset of its own, is a ValueError."""
    with pytest.raises(ValueError, match=re.escape(says)):
        once(from_, to)


@pytest.mark.parametrize(
    ("days", "says"),
    [(0, "must be positive"), (-1, "must be positive"), (36_526, "at most 36525 days")],
)
def test_lengths_that_make_no_window_are_refused(days: int, says: str) -> None:
    """A length that is not positive, or longer than a century, is a ValueError."""
    with pytest.raises(ValueError, match=says):
        cron_for("0 0 * * *", days=days)


@pytest.mark.parametrize(
    ("window", "canonical", "per_day"),
    [
        (
            cron_to_cron("0 22 * * *", "00 08 * * 0-7"),
            ["cron-to-cron", "0 22 * * *", "0 8 * * *"],
            2,
        ),
        (cron_for("0 0,12 * * *", hours=2), ["cron-for", "0 0,12 * * *", 7200.0], 2),
        (
            once("2026-01-01", "2026-01-02T10:30:05"),
            ["once", "2026-01-01T00:00:00", "2026-01-02T10:30:05"],
            0,
        ),
    ],
)
def test_a_window_tells_its_meaning(
    window: Window, canonical: list[object], per_day: float
) -> None:
    """The canonical form has the meaning alone; the density counts boundaries a day."""
    assert window.canonical() == canonical
    assert window.per_day == pytest.approx(per_day)
