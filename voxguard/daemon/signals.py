"""What the daemon does when it is signalled."""

import asyncio
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog

log = structlog.get_logger("voxguard.daemon")


LONGEST_STOP_SECONDS = 9.5
"""After so long a stop is cut short, whatever it waits for: less than whoever asked waits."""


@contextmanager
def on_signals(stop: Callable[[], object]) -> Iterator[None]:
    """Call `stop` at the first SIGTERM or SIGINT, and end at once at the second.

    Everything that was decided is on disk by then, so that ending at once loses nothing. So
    does a stop that several slow things at once hold up beyond its time.
    """
    loop = asyncio.get_running_loop()
    timer: asyncio.TimerHandle | None = None

    def cut_short() -> None:
        log.error("the stop takes too long and is cut short")
        os._exit(0)

    def take(number: int) -> None:
        nonlocal timer
        if timer is not None:
            os._exit(128 + number)
        log.info("asked to stop", signal=signal.Signals(number).name)
        timer = loop.call_later(LONGEST_STOP_SECONDS, cut_short)
        stop()

    numbers = (signal.SIGTERM, signal.SIGINT)
    for number in numbers:
        loop.add_signal_handler(number, take, number)
    try:
        yield
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)
        if timer is not None:
            timer.cancel()


@contextmanager
def on_hangup(reload: Callable[[], object]) -> Iterator[None]:
    """Call `reload` at each SIGHUP."""
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGHUP, reload)
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGHUP)
