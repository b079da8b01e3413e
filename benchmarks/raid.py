"""How soon a raid is over: blocked members who join within a second, and what others notice.

Run it as `python -m benchmarks.raid`. Five hundred members on the block list join one guild
within a second, with a bucket of ten edits in ten seconds, as Discord is reported to have. What
the bucket allows is the floor: nobody can be quicker. Meanwhile a blocked member joins another
guild every few seconds: that one has a bucket of its own and should notice nothing. The daemon
runs as a process of its own against the sandbox in this one.
"""

import asyncio
import json
import math
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.measuring import heading, is_quick, milliseconds, say
from tests.end_to_end.daemon import Daemon, environment
from voxguard.sandbox.limits import Limit
from voxguard.sandbox.sandbox import Sandbox

RAIDED, QUIET = "raided", "quiet"
GUILDS = {RAIDED: 110_373_943_822_540_800, QUIET: 220_373_943_822_540_800}
FIRST = 500_000_000_000_000_000
BUCKET = Limit(10, 10.0)
PAUSE_SECONDS = 2.0
"""Between two visitors of the other guild."""

GUILD_YAML = """\
version: 1
guild:
  id: "{id}"
  limits: {{actions: {{max: 1000000, within: 1s}}, fuse: off}}
"""
RULES = """\
version: 1
lists:
  blocked: {files: [blocked.txt]}
rules:
  no-entry:
    who: {lists: [blocked]}
    then: {disconnect: true}
"""


@dataclass(frozen=True, slots=True)
class Findings:
    """What a raid took, in seconds, and how Discord answered."""

    over: float
    floor: float
    others: list[float]
    answers: int
    limited: int


def write_policies(root: Path, members: range) -> Path:
    """Two guilds, in each of which the same members are blocked."""
    for name, guild_id in GUILDS.items():
        folder = root / name
        folder.mkdir(parents=True)
        (folder / "guild.yaml").write_text(GUILD_YAML.format(id=guild_id), "utf-8")
        (folder / "rules.yaml").write_text(RULES, "utf-8")
        ids = "".join(f"{FIRST + number}\n" for number in members)
        (folder / "blocked.txt").write_text(ids, "utf-8")
    return root


def write_world(file: Path, members: range) -> Path:
    """Both guilds as Discord has them; JSON is YAML."""
    people = {f"m{number}": {"id": str(FIRST + number)} for number in members}
    guilds: dict[str, Any] = {
        name: {
            "id": str(guild_id),
            "owner": "owner",
            "channels": {"lobby": {}},
            "members": {"owner": {}, **people},
        }
        for name, guild_id in GUILDS.items()
    }
    file.write_text(json.dumps({"version": 1, "guilds": guilds}), encoding="utf-8")
    return file


def is_connected(sandbox: Sandbox, guild: str, number: int) -> bool:
    """Whether a member is in voice."""
    return sandbox.world.member(sandbox.world.guild(guild), f"m{number}").voice is not None


async def visits(sandbox: Sandbox, members: range) -> list[float]:
    """Let one after the other join the other guild; the seconds until each is out again."""
    seconds = []
    for number in members:
        began = sandbox.clock.monotonic()
        sandbox.join(QUIET, f"m{number}", "lobby")
        await sandbox.wait_for(lambda: not is_connected(sandbox, QUIET, number), 60)  # noqa: B023 - awaited at once
        seconds.append(sandbox.clock.monotonic() - began)
        await asyncio.sleep(PAUSE_SECONDS)
    return seconds


async def raid(sandbox: Sandbox, count: int) -> Findings:
    """Let everybody join within a second and wait until they are out."""
    floor = math.floor((count - 1) / BUCKET.max) * BUCKET.within_seconds
    visitor_count = max(3, int(floor / PAUSE_SECONDS) // 2)
    first = len(sandbox.requests)
    began = sandbox.clock.monotonic()
    visitors = asyncio.create_task(visits(sandbox, range(count, count + visitor_count)))
    for number in range(count):
        await asyncio.sleep(max(0.0, began + number / count - sandbox.clock.monotonic()))
        sandbox.join(RAIDED, f"m{number}", "lobby")
    left = set(range(count))

    def is_over() -> bool:
        left.intersection_update([each for each in left if is_connected(sandbox, RAIDED, each)])
        return not left

    await sandbox.wait_for(is_over, 2 * floor + 60)
    over = sandbox.clock.monotonic() - began
    others = await visitors
    statuses = [seen.status for seen in sandbox.requests[first:]]
    return Findings(over, floor, others, answers=len(statuses), limited=statuses.count(429))


async def measure(directory: Path, count: int) -> None:
    """Run the daemon through a raid, and print what it took."""
    members = range(2 * count)
    policies = write_policies(directory / "policies", members)
    world = write_world(directory / "world.yaml", members)
    heading(f"raid: {count} blocked members within a second, {BUCKET.max} edits in 10 s")
    async with Sandbox(world, limits={"member_edit": BUCKET}) as sandbox:
        daemon = await Daemon.start(
            policies, environment(directory / "state", sandbox, database_url="")
        )
        try:
            await daemon.ready()
            found = await raid(sandbox, count)
            await daemon.stop()
        finally:
            await daemon.kill()
    say("over after", f"{found.over:.1f} s", f"the bucket allows {found.floor:.0f} s")
    say("longer than the bucket", f"{100 * (found.over / found.floor - 1):.1f} %")
    say(f"{len(found.others)} visitors of another guild", milliseconds(found.others))
    say("answers 429", f"{found.limited} of {found.answers}")


def main() -> None:
    """Measure and print."""
    count = 60 if is_quick(__doc__) else 500
    with tempfile.TemporaryDirectory() as directory:
        asyncio.run(measure(Path(directory), count))


if __name__ == "__main__":
    main()
