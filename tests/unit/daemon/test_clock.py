from datetime import UTC, datetime, timedelta

from voxguard.daemon.clock import WallClock

START = datetime(2026, 1, 1, tzinfo=UTC)


def test_instants_never_decrease() -> None:
    """A clock that is set back stands still until it has caught up."""
    readings = iter([0, 5, 3, 4, 6])
    clock = WallClock(lambda: START + timedelta(seconds=next(readings)))
    seconds = [(clock.now() - START).total_seconds() for _ in range(4)]
    assert seconds == [5, 5, 5, 6]


def test_the_default_is_the_machines_clock_in_utc() -> None:
    """Whatever zone the machine is in."""
    assert WallClock().now().tzinfo is UTC
