"""A queue to drive by hand."""

import pytest

from tests.unit.daemon.enforcement.tools import Rig


@pytest.fixture
def rig() -> Rig:
    """A queue with nothing wanted; alice (1) is in the lobby."""
    made = Rig()
    made.joined(1)
    return made
