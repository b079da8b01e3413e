import os
import random
import secrets
from pathlib import Path

import pytest

from tests.end_to_end.harbour import WORLD, Harbour
from tests.end_to_end.kills.crowd import GUESTS, HUMANS_OWN
from tests.end_to_end.kills.trial import ACTS_PER_SECOND, LIMITS, Trial
from voxguard.sandbox.sandbox import Sandbox


@pytest.fixture
def seed() -> int:
    """What decides who does what when; set VOXGUARD_TEST_SEED to see a failure again."""
    return int(os.environ.get("VOXGUARD_TEST_SEED", secrets.randbelow(2**32)))


@pytest.mark.slow
async def test_nothing_is_lost_by_kills_at_any_instant(
    tmp_path: Path, kill_rounds: int, seed: int
) -> None:
    """However often it is killed, all is as wanted 5 s after it is back, and recorded.

    Each decision that a log or an outbox speaks of is in the table once, with its outcome;
    nobody is disconnected, moved, timed out or written to twice for the same thing; no visit is
    open that is over. The database is stopped and killed meanwhile, too.
    """
    print(f"seed {seed}")
    choice = random.Random(seed)  # noqa: S311 - to be repeated, not to be guessed
    async with Sandbox(WORLD, limits=LIMITS) as sandbox:
        trial = Trial(Harbour(sandbox), tmp_path, choice)
        found = await trial.run(kill_rounds)
    print(f"{found.kills} + {found.early} kills, {len(found.decisions)} decisions", found.outcomes)
    print(f"ready within {max(found.ready):.1f} s, right within {max(found.right):.1f} s more")
    assert found.failures == []
    assert found.acts > 0.9 * ACTS_PER_SECOND * found.seconds
    assert len(found.decisions) > 5 * kill_rounds
    assert found.outcomes.keys() <= {"applied", "superseded", "unknown"}
    assert trial.crowd.muted(GUESTS) == [HUMANS_OWN]
    assert found.visits > 20 * kill_rounds
