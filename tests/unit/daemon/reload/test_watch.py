"""The wake-up tells when it is deaf, and hears again."""

import os
import resource
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from voxguard.daemon.reload.survey import Survey, survey
from voxguard.daemon.reload.watch import Watch


class Bell:
    """Rings when something is heard."""

    def __init__(self) -> None:
        self._rung = threading.Semaphore(0)

    def ring(self) -> None:
        """Ring once."""
        self._rung.release()

    def heard(self, seconds: float = 20) -> bool:
        """Wait for a ring."""
        return self._rung.acquire(timeout=seconds)


@pytest.fixture
def bell() -> Bell:
    """A bell."""
    return Bell()


@pytest.fixture
def watch(bell: Bell) -> Iterator[Watch]:
    """A watch that is stopped in the end."""
    made = Watch(bell.ring)
    yield made
    made.stop()


def test_changes_are_heard(watch: Watch, bell: Bell, policies: Path) -> None:
    """It rings when the watch begins, since what was before is not known, and at changes."""
    watch.follow(survey(policies))
    assert bell.heard()
    (policies / "one.yaml").write_text("x")
    assert bell.heard()


def test_new_directories_are_followed(watch: Watch, bell: Bell, policies: Path) -> None:
    """A directory that was found later is watched from then on."""
    watch.follow(survey(policies))
    assert bell.heard()
    (policies / "deep").mkdir()
    assert bell.heard()
    watch.follow(survey(policies))
    assert bell.heard()
    (policies / "deep" / "one.yaml").touch()
    assert bell.heard()


def test_what_is_beside_the_policies_is_not_heard(watch: Watch, bell: Bell, policies: Path) -> None:
    """A busy neighbour wakes nobody."""
    watch.follow(survey(policies))
    assert bell.heard()
    policies.with_name("neighbour").write_text("busy")
    assert not bell.heard(0.3)


def test_a_deaf_watch_says_so_and_recovers(watch: Watch, bell: Bell, policies: Path) -> None:
    """Where the kernel has no more to give the reason is told, and later it hears again."""
    patience = threading.Event()
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    free = os.dup(0)
    os.close(free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (free, limits[1]))
    try:
        watch.follow(Survey("", frozenset({(str(policies), 0, 0)}), frozenset()))
        for _ in range(400):
            if watch.deaf is not None:
                break
            patience.wait(0.05)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    assert watch.deaf is not None
    watch.follow(survey(policies))
    assert bell.heard()
    assert watch.deaf is None


def test_a_watch_that_never_began_can_be_stopped(bell: Bell) -> None:
    """Stopping is always allowed."""
    Watch(bell.ring).stop()
