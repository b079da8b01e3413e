from datetime import UTC, datetime, timedelta

from voxguard.daemon.clock import WallClock

START = datetime(2026, 1, 1, tzinfo=UTC)


class Machine:
    """A machine whose clock can be set, unlike its seconds."""

    def __init__(self) -> None:
        self.seconds = 100.0
        self.ahead = 0.0

    def clock(self) -> WallClock:
        """A clock that reads this machine."""
        return WallClock(self.read, lambda: self.seconds)

    def read(self) -> datetime:
        """What the machine's clock shows."""
        return START + timedelta(seconds=self.seconds - 100.0 + self.ahead)


def since_start(clock: WallClock) -> float:
    """The clock's instant, in seconds since the start."""
    return (clock.now() - START).total_seconds()


def test_instants_are_those_of_the_machine() -> None:
    """Also when its clock is set forward."""
    machine = Machine()
    clock = machine.clock()
    machine.seconds += 5
    assert since_start(clock) == 5
    machine.ahead = 3600
    assert since_start(clock) == 3605


def test_a_clock_that_is_set_back_is_waited_for_at_half_the_pace() -> None:
    """Instants go on, so that a `for` is reached, and never decrease."""
    machine = Machine()
    clock = machine.clock()
    machine.ahead = -60
    assert since_start(clock) == 0
    seen = []
    for _ in range(6):
        machine.seconds += 25
        seen.append(since_start(clock))
    assert seen == [12.5, 25, 37.5, 50, 65, 90]


def test_the_default_is_the_machines_clock_in_utc() -> None:
    """Whatever zone the machine is in."""
    assert WallClock().now().tzinfo is UTC
