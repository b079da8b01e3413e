"""What is lost when the daemon is killed over and over, and what happens twice.

Run it as `python -m benchmarks.kills`, with `--rounds N` for more or fewer kills than fifty and
`--seed N` to see one life again. A crowd acts two hundred times a second, without a pause; the
daemon is ended by SIGKILL at random instants, now and then while it starts, and its PostgreSQL is
stopped or killed in every other round. Afterwards the logs of all runs, the outbox after each
kill, the two tables and the requests that the sandbox has seen are held against each other.
"""

import argparse
import asyncio
import random
import secrets
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.measuring import heading, say, share
from tests.end_to_end.harbour import WORLD, Harbour
from tests.end_to_end.kills.trial import LIMITS, RIGHT_SECONDS, Findings, Trial
from voxguard.sandbox.sandbox import Sandbox


async def measure(directory: Path, rounds: int, seed: int) -> Findings:
    """Run the daemon through its kills."""
    choice = random.Random(seed)  # noqa: S311 - to be repeated, not to be guessed
    async with Sandbox(WORLD, limits=LIMITS) as sandbox:
        return await Trial(Harbour(sandbox), directory, choice).run(rounds)


def report(found: Findings) -> None:
    """Print the figures, and every failure."""
    say("events", f"{found.acts}", f"{found.acts / found.seconds:.0f}/s")
    say("kills", f"{found.kills}", f"and {found.early} early")
    say("PostgreSQL stopped, killed", f"{found.stopped}", f"{found.crashed}")
    say("ready after a start", *_seconds(found.ready))
    say("everybody right after that", *_seconds(found.right))
    say("visits recorded", f"{found.visits}")
    say("decisions", f"{len(found.decisions)}")
    for outcome, count in found.outcomes.most_common():
        say(f"  {outcome}", f"{count}")
    say("decisions lost", f"{len(found.lost) + len(found.silent)}")
    say("momentary effects doubled", f"{len(found.doubled)}")
    say(f"members left wrong after {RIGHT_SECONDS:.0f} s", f"{len(found.wrong)}")
    say("visits open or overlapping", f"{len(found.astray)}")
    for failure in found.failures:
        print(failure)


def _seconds(values: Sequence[float]) -> tuple[str, str]:
    return f"p50 {share(values, 50):.2f} s", f"most {max(values):.2f} s"


def main() -> int:
    """Measure and print; 1 where anything was lost, doubled or left wrong."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="five rounds")
    parser.add_argument("--rounds", type=int, help="how many kills (default: 50)")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(2**32))
    options = parser.parse_args()
    rounds = options.rounds or (5 if options.quick else 50)
    heading(f"kills: {rounds} under 200 events/s, seed {options.seed}")
    with tempfile.TemporaryDirectory() as directory:
        found = asyncio.run(measure(Path(directory), rounds, options.seed))
    report(found)
    return 1 if found.failures else 0


if __name__ == "__main__":
    sys.exit(main())
