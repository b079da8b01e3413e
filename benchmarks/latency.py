"""How long after a blocked member's joining the request to disconnect them reaches Discord.

Run it as `python -m benchmarks.latency`. The daemon runs as a process of its own, with the
embedded database, against the sandbox in this one, whose clock tells both instants: that of
the join and that of the PATCH. Next to it, in the same run, a hikari bot of a dozen lines that
looks the member up in a set and records nothing, the way of a PATCH alone, and a write to the
disk, for which the daemon waits before it asks. Members join 20 and 45 a second, and 50, which
is the rate that Discord allows a bot and the daemon keeps to.
"""

import asyncio
import json
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from benchmarks.measuring import (
    disk_waits,
    family,
    heading,
    is_quick,
    milliseconds,
    resident,
    say,
    share,
)
from benchmarks.samples import POLICIES, sample_policies
from tests.end_to_end.daemon import Daemon, environment
from voxguard.discord.app import open_app
from voxguard.discord.rest import DiscordActor
from voxguard.model.ids import GuildId, UserId
from voxguard.ports.discord import MemberEdit, Place
from voxguard.sandbox.limits import Limit
from voxguard.sandbox.sandbox import Sandbox

NAME = "example"
FIRST = 500_000_000_000_000_000
# Nobody joins twice: the daemon lets whoever comes back again and again wait.
MEMBERS = 1_250
PATIENCE_SECONDS = 30.0
# Nothing of it is the sandbox's own: what is measured is how soon somebody asks.
LIMITS = {name: Limit(1_000_000, 1.0) for name in ("global", "member_edit", "read")}


def write_policies(root: Path) -> Path:
    """The sample policies with some more members on the block list; the file of these."""
    shutil.copytree(POLICIES, root)
    guild = root / "example-guild" / "guild.yaml"
    # What is measured is how soon it is done, not how long it may have to wait.
    limits = "guild:\n  limits: {actions: {max: 1000000, within: 1s}, fuse: off}\n"
    guild.write_text(guild.read_text("utf-8").replace("guild:\n", limits, 1), "utf-8")
    more = root / "example-guild" / "lists" / "blocked.txt"
    with more.open("a", encoding="utf-8") as file:
        file.write("".join(f"{FIRST + number}\n" for number in range(MEMBERS)))
    return root


def write_world(file: Path) -> Path:
    """The guild of the sample policies, as Discord has it; JSON is YAML."""
    (policy,) = sample_policies().guilds.values()
    guild: dict[str, Any] = {
        "id": str(policy.id),
        "owner": "owner",
        "afk_channel": "afk",
        "roles": {name: {"id": str(role)} for name, role in policy.roles.items()},
        "channels": {name: {"id": str(channel)} for name, channel in policy.channels.items()},
        "members": {"owner": {}, **{f"m{n}": {"id": str(FIRST + n)} for n in range(MEMBERS)}},
    }
    file.write_text(json.dumps({"version": 1, "guilds": {NAME: guild}}), encoding="utf-8")
    return file


async def joins(sandbox: Sandbox, members: range, per_second: float) -> list[float]:
    """Let members join at a rate; the seconds from each join to the PATCH of that member."""
    first = len(sandbox.requests)
    joined: dict[str, float] = {}
    loop = asyncio.get_running_loop()
    began = loop.time()
    for turn, number in enumerate(members):
        await asyncio.sleep(began + turn / per_second - loop.time())
        joined[str(FIRST + number)] = sandbox.clock.monotonic()
        sandbox.join(NAME, f"m{number}", "music")
    wanted = first + len(members)
    await sandbox.wait_for(lambda: len(sandbox.requests) >= wanted, PATIENCE_SECONDS)
    return [
        seen.monotonic - joined[seen.path.rpartition("/")[2]] for seen in sandbox.requests[first:]
    ]


async def patches(sandbox: Sandbox, count: int, per_second: float) -> list[float]:
    """The seconds from the call of hikari's that sends a PATCH to its arrival."""
    first = len(sandbox.requests)
    guild_id = GuildId(sandbox.world.guild(NAME).id)
    sent: list[float] = []
    async with open_app(sandbox.token, sandbox.api_url) as app:
        actor = DiscordActor(app)
        for number in range(count):
            sandbox.join(NAME, f"m{number}", "music")
            await asyncio.sleep(1 / per_second)
            sent.append(sandbox.clock.monotonic())
            edit = MemberEdit(place=Place(None))
            await actor.act(guild_id, UserId(FIRST + number), edit, "blocked")
    return [seen.monotonic - at for seen, at in zip(sandbox.requests[first:], sent, strict=True)]


@asynccontextmanager
async def bare_bot(sandbox: Sandbox, ids: Path) -> AsyncIterator[int]:
    """The bot of a dozen lines, connected; its process."""
    arguments = ("-m", "benchmarks.bare_bot", sandbox.api_url, sandbox.token, str(ids))
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments)
    try:
        await sandbox.wait_for(lambda: sandbox.hub.is_ready, PATIENCE_SECONDS)
        yield process.pid
    finally:
        process.terminate()
        await process.wait()


def memory(daemon: Daemon, when: str) -> None:
    """Print what the daemon's processes take, PostgreSQL's apart."""
    parts = {"daemon": 0.0, "loading process": 0.0, "PostgreSQL": 0.0}
    for pid, command in family(daemon.process.pid).items():
        kind = "PostgreSQL" if "postgres" in command else "loading process"
        parts["daemon" if pid == daemon.process.pid else kind] += resident(pid)
    figures = (f"{name} {size:.0f} MB" for name, size in parts.items() if size)
    say(f"memory {when}", *figures)


async def rates(sandbox: Sandbox, who: str, plan: dict[int, int]) -> dict[int, float]:
    """Print the latencies at each rate; the medians."""
    medians = {}
    # The first of all opens the connection, which stays open from then on.
    await joins(sandbox, range(5), 5)
    number = 5
    for per_second, count in plan.items():
        seconds = await joins(sandbox, range(number, number + count), per_second)
        number += count
        medians[per_second] = share(seconds, 50)
        say(f"{who}: {count} joins, {per_second}/s", milliseconds(seconds))
    return medians


async def measure(directory: Path, plan: dict[int, int]) -> None:
    """Run everybody against one sandbox each."""
    heading("latency: from a join to the arrival of the PATCH")
    waits = await asyncio.to_thread(disk_waits, directory, max(plan.values()), 0.01)
    say("a write of 36 kB to this disk alone", milliseconds(waits))
    policies = write_policies(directory / "policies")
    world = write_world(directory / "world.yaml")
    async with Sandbox(world, limits=LIMITS) as sandbox:
        say("PATCH alone, by hikari", milliseconds(await patches(sandbox, max(plan.values()), 50)))
    ids = directory / "ids.txt"
    ids.write_text("\n".join(str(FIRST + number) for number in range(MEMBERS)))
    async with Sandbox(world, limits=LIMITS) as sandbox, bare_bot(sandbox, ids) as pid:
        floor = await rates(sandbox, "bare bot", plan)
        say("memory of the bare bot", f"{resident(pid):.0f} MB")
    async with Sandbox(world, limits=LIMITS) as sandbox:
        settings = environment(directory / "state", sandbox, database_url="")
        daemon = await Daemon.start(policies, settings)
        try:
            await daemon.with_database()
            memory(daemon, "after the start")
            ours = await rates(sandbox, "voxguard", plan)
            memory(daemon, "after all joins")
            await daemon.stop()
        finally:
            await daemon.kill()
    ratios = (
        f"{per_second}/s: {ours[per_second] / floor[per_second]:.1f} x" for per_second in plan
    )
    say("voxguard against the bare bot, p50", *ratios)


def main() -> None:
    """Measure and print."""
    plan = {20: 40, 45: 90, 50: 100} if is_quick(__doc__) else {20: 200, 45: 500, 50: 500}
    with tempfile.TemporaryDirectory() as directory:
        asyncio.run(measure(Path(directory), plan))


if __name__ == "__main__":
    main()
