"""How several processes share the tests."""

import os

import pytest
from coverage import Coverage
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped] # it has no types

END_TO_END = "tests/end_to_end/"


class Sharing(LoadScopeScheduling):  # type: ignore[misc] # for the same reason
    """Gives every test to whoever is free, and all tests end to end to the same process.

    Each of these is several programs already, and waits for what has to happen within a time
    limit. Marks for groups would say the same, but pytest 9.2 and xdist 3.8 lose them.
    """

    def _split_scope(self, nodeid: str) -> str:
        return END_TO_END if nodeid.startswith(END_TO_END) else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Sharing:
    """The scheduler, whatever `--dist` says."""
    return Sharing(config, log)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """Let coverage measure no process that shares the tests as it does any other: see below."""
    os.environ.pop("COVERAGE_PROCESS_CONFIG", None)


def pytest_configure(config: pytest.Config) -> None:
    """Leave the measuring of a process that shares the tests to what pytest-cov 7 begins last.

    It begins twice there, and what was begun before would go on where the other pauses: in all
    tests that nobody wants to measure.
    """
    measuring = Coverage.current()
    if hasattr(config, "workerinput") and measuring is not None:
        measuring.stop()
