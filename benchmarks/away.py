"""What becomes of a daemon whose PostgreSQL is away for ten minutes under load.

Run it as `python -m benchmarks.away`; `--quick` is one minute. The daemon runs as a process of
its own against the sandbox in this one and a PostgreSQL of its own, at a hundred events a
second: members join, move, leave and mute themselves, many are muted by a rule, and now and
then somebody joins who is blocked. Then PostgreSQL is stopped, and started again. In the end
every decision that the daemon has told of in its log is looked for in the table by its id, and
the visits of each member are counted against what the member did. The memory is that of the
daemon's process, and how soon the blocked are disconnected is told for before and during.
"""

import asyncio
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg

from benchmarks.measuring import heading, is_quick, milliseconds, resident, say
from tests.end_to_end.daemon import Daemon, environment
from voxguard.sandbox.limits import Limit
from voxguard.sandbox.sandbox import Sandbox
from voxguard.sandbox.world.world import RefusedError
from voxguard.store.embedded.server import EmbeddedPostgres

GUILD, GUILD_ID = "crowd", 600_000_000_000_000_000
GUESTS = [600_000_000_000_001_000 + number for number in range(400)]
BLOCKED = [600_000_000_000_002_000 + number for number in range(1_000)]
CHANNELS = {name: 600_000_000_000_000_001 + n for n, name in enumerate(("lobby", "music", "hall"))}
PER_SECOND = 100.0
WARM_UP_SECONDS = 30.0
PROBE_SECONDS = 1.5
"""Each blocked member joins once: whoever comes back again and again is let wait."""
MOST_GROWTH_MB = 50.0
CATCH_UP_SECONDS = 300.0
LIMITS = {name: Limit(1_000_000, 1.0) for name in ("global", "member_edit", "read")}

POLICIES = {
    "guild.yaml": f"""
version: 1
guild:
  id: "{GUILD_ID}"
  channels: {json.dumps({name: str(each) for name, each in CHANNELS.items()})}
  limits: {{actions: {{max: 1000000, within: 1s}}, fuse: off}}
""",
    "rules.yaml": f"""
version: 1
lists: {{blocked: {{entries: {json.dumps([str(each) for each in BLOCKED])}}}}}
rules:
  stay-out: {{who: {{lists: [blocked]}}, then: {{disconnect: true}}}}
  no-microphone: {{where: music, then: {{mute: true}}}}
""",
}


@dataclass(slots=True)
class Load:
    """Lets members live, and knows what they did."""

    sandbox: Sandbox
    chance: random.Random = field(default_factory=lambda: random.Random(4))  # noqa: S311 - no secret
    entered: Counter[int] = field(default_factory=Counter)
    events: int = 0
    joined: dict[int, float] = field(default_factory=dict)
    blocked: Iterator[int] = field(default_factory=lambda: iter(BLOCKED))

    async def run(self) -> None:
        """Do something a hundred times a second, until cancelled."""
        loop = asyncio.get_running_loop()
        began, probed = loop.time(), 0.0
        while True:
            await asyncio.sleep(began + self.events / PER_SECOND - loop.time())
            self.events += 1
            if loop.time() - probed > PROBE_SECONDS:
                probed = loop.time()
                self._probe()
            else:
                with suppress(RefusedError):
                    self._live()

    def _live(self) -> None:
        guest = self.chance.choice(GUESTS)
        name, dice = str(guest), self.chance.random()
        world = self.sandbox.world
        voice = world.member(world.guild(GUILD), name).voice
        if voice is None:
            self._enter(guest)
        elif dice < 0.5:
            self.sandbox.set_flags(GUILD, name, self_mute=self.chance.random() < 0.5)
        elif dice < 0.75:
            others = [each for each, number in CHANNELS.items() if number != voice.channel_id]
            self._enter(guest, self.chance.choice(others))
        else:
            self.sandbox.leave(GUILD, name)

    def _enter(self, user: int, channel: str = "lobby") -> None:
        self.sandbox.join(GUILD, str(user), channel)
        self.entered[user] += 1

    def _probe(self) -> None:
        user = next(self.blocked)
        self.joined[user] = self.sandbox.clock.monotonic()
        self._enter(user)

    def waits(self, since: float) -> list[float]:
        """The seconds from each blocked member's joining to the request that ends it."""
        asked: dict[int, float] = {}
        for seen in self.sandbox.requests:
            if seen.method == "PATCH" and "channel_id" in (seen.body or {}):
                asked.setdefault(int(seen.path.rpartition("/")[2]), seen.monotonic)
        return [
            asked[user] - at for user, at in self.joined.items() if at >= since and user in asked
        ]


def write_files(directory: Path) -> tuple[Path, Path]:
    """The policies and the world; JSON is YAML."""
    policies = directory / "policies"
    policies.mkdir()
    for name, text in POLICIES.items():
        (policies / name).write_text(text, "utf-8")
    members = {str(each): {"id": str(each)} for each in GUESTS + BLOCKED}
    guild = {
        "id": str(GUILD_ID),
        "owner": "owner",
        "channels": {name: {"id": str(each)} for name, each in CHANNELS.items()},
        "members": {"owner": {}, **members},
    }
    world = directory / "world.yaml"
    world.write_text(json.dumps({"version": 1, "guilds": {GUILD: guild}}), "utf-8")
    return policies, world


async def sampled(daemon: Daemon, seconds: float) -> float:
    """The most memory that the daemon has in so many seconds, in megabytes."""
    ends_at, most = time.monotonic() + seconds, 0.0
    while time.monotonic() < ends_at:
        most = max(most, resident(daemon.process.pid))
        await asyncio.sleep(2.0)
    return most


async def counted(url: str) -> tuple[list[str], Counter[int]]:
    """The ids of all decisions in the table, and the number of visits of each member."""
    connection = await asyncpg.connect(url)
    try:
        ids = [str(row["id"]) for row in await connection.fetch("SELECT id FROM action_logs")]
        visits = await connection.fetch("SELECT id, user_id FROM voice_sessions")
    finally:
        await connection.close()
    doubled = len(visits) - len({row["id"] for row in visits})
    if doubled:
        raise SystemExit(f"{doubled} visits are there twice")
    return ids, Counter(row["user_id"] for row in visits)


async def caught_up(url: str, daemon: Daemon, load: Load) -> tuple[list[str], Counter[int]]:
    """What the tables hold once they hold as much as they should, or time is up."""
    ends_at = time.monotonic() + CATCH_UP_SECONDS
    while True:
        ids, visits = await counted(url)
        is_whole = len(ids) >= len(daemon.said("decided")) and visits == load.entered
        if is_whole or time.monotonic() > ends_at:
            return ids, visits
        await asyncio.sleep(1.0)


async def live_without(
    daemon: Daemon, load: Load, server: EmbeddedPostgres, seconds: float
) -> tuple[float, float]:
    """Live with PostgreSQL, then without; the most memory in megabytes of each time."""
    before = await sampled(daemon, WARM_UP_SECONDS)
    say("before: join to PATCH", milliseconds(load.waits(0.0)))
    await server.stop()
    since, events = load.sandbox.clock.monotonic(), load.events
    during = await sampled(daemon, seconds)
    say("during: join to PATCH", milliseconds(load.waits(since)))
    count = load.events - events
    say("events while away", f"{count:,}", f"{count / seconds:.0f} /s")
    say("what /readyz says", *(await daemon.get("/readyz"))[1]["reasons"])
    return before, during


def compare(daemon: Daemon, load: Load, ids: list[str], visits: Counter[int]) -> bool:
    """Print what was told of beside what is in the tables; whether they are the same."""
    told = [line["decision"] for line in daemon.said("decided")]
    say("decisions told of, their rows", f"{len(told):,}", f"{len(ids):,}")
    say("visits made, their rows", f"{load.entered.total():,}", f"{visits.total():,}")
    lost = len(set(told) - set(ids)) + (load.entered - visits).total()
    doubled = len(ids) - len(set(ids)) + (visits - load.entered).total()
    say("rows lost, doubled", str(lost), str(doubled))
    return not lost and not doubled


async def measure(directory: Path, away_seconds: float) -> bool:
    """Do all of it; whether nothing was lost, doubled, or grew too much."""
    heading(f"away: {away_seconds:.0f} s without PostgreSQL, {PER_SECOND:.0f} events/s")
    policies, world = write_files(directory)
    server = EmbeddedPostgres(directory / "database")
    url = await server.start()
    async with Sandbox(world, limits=LIMITS) as sandbox:
        settings = environment(directory / "state", sandbox, database_url=url)
        daemon = await Daemon.start(policies, settings)
        load = Load(sandbox)
        try:
            await daemon.with_database()
            living = asyncio.create_task(load.run())
            before, during = await live_without(daemon, load, server, away_seconds)
            began = time.monotonic()
            await server.start()
            living.cancel()
            await asyncio.gather(living, return_exceptions=True)
            ids, visits = await caught_up(url, daemon, load)
            say("handed over after", f"{time.monotonic() - began:.1f} s")
            after = resident(daemon.process.pid)
            code = await daemon.stop()
        finally:
            await daemon.kill()
            await server.stop()
    say("memory before, most during, after", *(f"{x:.1f} MB" for x in (before, during, after)))
    growth = max(during, after) - before
    say("memory grew by", f"{growth:.1f} MB", f"limit {MOST_GROWTH_MB:.0f} MB")
    is_whole = compare(daemon, load, ids, visits)
    return is_whole and growth < MOST_GROWTH_MB and code == 0


def main() -> None:
    """Measure, print, and end with 1 if it was not as it has to be."""
    seconds = 60.0 if is_quick(__doc__) else 600.0
    with tempfile.TemporaryDirectory() as directory:
        fine = asyncio.run(measure(Path(directory), seconds))
    print("as it has to be" if fine else "NOT as it has to be")
    sys.exit(not fine)


if __name__ == "__main__":
    main()
