"""The wall clock as the daemon reads it, on a machine whose clock can be set."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from voxguard.daemon.clock import Break, WallClock, elapsed_seconds

START = datetime(2026, 1, 1, tzinfo=UTC)


class Machine:
    """A machine whose clock can be set, unlike its seconds."""

    def __init__(self) -> None:
        self.seconds = 100.0
        self.ahead = 0.0
        self.clock = WallClock(self.read, lambda: self.seconds)
        self.breaks: list[Break] = []
        self.clock.on_break = self.breaks.append

    def read(self) -> datetime:
        """What the machine's clock shows."""
        return START + timedelta(seconds=self.seconds - 100.0 + self.ahead)

    def shown(self) -> float:
        """What the daemon's clock shows, in seconds since the start."""
        return (self.clock.now() - START).total_seconds()

    def found(self) -> list[tuple[float, float, bool]]:
        """The breaks: how far it was stepped, how long nobody looked, and whether that is long."""
        return [
            (each.by.total_seconds(), each.elapsed.total_seconds(), each.slept)
            for each in self.breaks
        ]


def test_instants_are_those_of_the_machine() -> None:
    """As long as time goes on, nobody is told anything."""
    machine = Machine()
    for seconds in (5, 60, 0, 1):
        machine.seconds += seconds
        assert machine.shown() == machine.seconds - 100
    assert machine.breaks == []


@pytest.mark.parametrize("by", [-3600, -1.5, 1.5, 3600])
def test_a_step_is_told_of_and_followed(by: float) -> None:
    """In either direction, once, and the time that has passed is no part of it."""
    machine = Machine()
    machine.seconds += 5
    machine.ahead = by
    assert machine.shown() == 5 + by
    assert machine.found() == [(by, 5, False)]
    assert machine.breaks[0].at == START + timedelta(seconds=5 + by)
    machine.seconds += 1
    assert machine.shown() == 6 + by
    assert len(machine.breaks) == 1


def test_what_differs_little_is_followed_and_never_backwards() -> None:
    """A clock that is slewed is told of to nobody; one that is back by a bit is waited for."""
    machine = Machine()
    machine.ahead = 0.75
    assert machine.shown() == 0.75
    machine.ahead = 0
    assert machine.shown() == 0.75
    machine.seconds += 0.5
    assert machine.shown() == 0.75
    machine.seconds += 0.5
    assert machine.shown() == 1
    assert machine.breaks == []


def test_what_was_waited_for_is_part_of_a_step() -> None:
    """So that nothing that was counted from what was shown comes to lie in the future."""
    machine = Machine()
    machine.seconds += 10
    assert machine.shown() == 10
    machine.ahead = -0.75
    assert machine.shown() == 10
    machine.ahead = -30.75
    assert machine.shown() == -20.75
    assert machine.found() == [(-30.75, 0, False)]


@pytest.mark.parametrize(("seconds", "slept"), [(60, False), (61, True), (7200, True)])
def test_a_look_after_a_long_time_says_that_nobody_has_watched(seconds: int, slept: bool) -> None:
    """A suspended machine's seconds go on, and its clock with them: that is no step."""
    machine = Machine()
    machine.seconds += seconds
    assert machine.shown() == seconds
    assert machine.found() == ([(0, seconds, True)] if slept else [])


def test_whoever_is_told_may_look_again() -> None:
    """The present is then what was shown last, and the step is found once."""
    machine = Machine()
    seen = []

    def look(_found: Break) -> None:
        machine.seconds += 0.25
        seen.append(machine.shown())

    machine.clock.on_break = look
    machine.ahead = 100
    assert machine.shown() == 100.25
    assert seen == [100.25]


def test_nobody_has_to_listen() -> None:
    """A clock without anybody who is told of a step follows it."""
    machine = Machine()
    machine.clock.on_break = None
    machine.ahead = -100
    assert machine.shown() == -100


def test_the_default_is_the_machines_clock_in_utc() -> None:
    """Whatever zone the machine is in; and its seconds count a suspension."""
    assert WallClock().now().tzinfo is UTC
    assert abs(elapsed_seconds() - time.clock_gettime(time.CLOCK_BOOTTIME)) < 60
