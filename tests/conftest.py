"""What every test may count on: an environment of its own, and how hard to try."""

import os

import pytest
from hypothesis import HealthCheck, settings

# A slow machine is no counter-example, and the gate has to give the same answer twice.
settings.register_profile("default", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.register_profile(
    "long", deadline=None, max_examples=2000, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(
    os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "default")
)

pytest_plugins = ["tests.postgres", "tests.sharing"]


@pytest.fixture(autouse=True)
def own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep a developer's own token, database and settings out of the tests."""
    for name in list(os.environ):
        ours = name.startswith("VOXGUARD_") and not name.startswith("VOXGUARD_TEST_")
        if ours or name in {"DISCORD_TOKEN", "DATABASE_URL"}:
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def seeds() -> range:
    """The seeds of a simulation test: few in the gate, many in the long run."""
    return range(int(os.environ.get("VOXGUARD_TEST_SEEDS", "10")))


@pytest.fixture(scope="session")
def kill_rounds() -> int:
    """How often a test of crashes kills what it tests."""
    return int(os.environ.get("VOXGUARD_TEST_KILL_ROUNDS", "5"))
