"""How many cases the simulation tests play."""

import os

import pytest


@pytest.fixture(scope="session")
def simulated_seeds() -> range:
    """Some in the gate; in the long run twenty for each seed that is asked for."""
    asked = os.environ.get("VOXGUARD_TEST_SEEDS")
    return range(150 if asked is None else 20 * int(asked))
