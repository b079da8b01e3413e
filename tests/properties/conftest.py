"""What all tests of properties have in common: nobody counts what they reach."""

from pathlib import Path

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave these tests out of the coverage.

    What they run is up to chance, so that the others have to reach everything without them;
    and counted they take twice as long.
    """
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker("no_cover")
