import asyncio
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest


@asynccontextmanager
async def started(*arguments: str) -> AsyncIterator[Process]:
    """The command in a process of its own, as in a pipe; it does not outlive the test."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "voxguard", "sandbox", *arguments, stdout=PIPE, stderr=PIPE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def line_of(process: Process) -> str:
    """The next line that the command prints."""
    assert process.stdout is not None
    async with asyncio.timeout(30):
        return (await process.stdout.readline()).decode().rstrip("\n")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_it_says_how_to_connect_and_ends_cleanly(number: signal.Signals) -> None:
    """The first lines are an environment for the daemon; a signal ends it with 0, quietly."""
    async with started("--token", "a.b.c") as process:
        first = await line_of(process)
        base = first.removeprefix("# The sandbox listens on ")
        assert await line_of(process) == f"VOXGUARD_DISCORD_API={base}/api/v10"
        assert await line_of(process) == "DISCORD_TOKEN=a.b.c"
        async with aiohttp.ClientSession() as session:
            url = f"{base}/sandbox/join"
            await (await session.post(url, json={"member": "alice", "channel": "lobby"})).read()
            await (await session.get(f"{base}/api/v10/users/@me")).read()
        assert (await line_of(process)).endswith(" world    harbour: alice joins lobby")
        assert (await line_of(process)).endswith(" rest     GET /users/@me 401 [0]")
        process.send_signal(number)
        out, err = await process.communicate()
        assert (process.returncode, out, err) == (0, b"", b"")


async def test_it_plays_a_scenario_in_a_world(tmp_path: Path) -> None:
    """World and scenario come from files, and names cannot steer the terminal."""
    world = tmp_path / "world.yaml"
    world.write_text(
        "version: 1\nguilds:\n  den:\n    channels: {lobby: {}}\n"
        '    members: {"bad\\e[31mwolf": {}}\n'
    )
    scenario = tmp_path / "scenario.yaml"
    scenario.write_text(
        "version: 1\nbegin: now\nsteps:\n"
        '  - {at: 0s, do: join, member: "bad\\e[31mwolf", channel: lobby}\n'
    )
    async with started("--world", str(world), "--scenario", str(scenario)) as process:
        lines = [await line_of(process) for _ in range(5)]
        assert lines[3].endswith(r" world    den: bad\x1b[31mwolf joins lobby")
        assert lines[4].endswith(" scenario the scenario is over")
        process.send_signal(signal.SIGTERM)
        await process.communicate()
        assert process.returncode == 0


async def test_a_scenario_that_still_waits_is_given_up(tmp_path: Path) -> None:
    """A signal ends the command also while the scenario waits for a bot."""
    scenario = tmp_path / "scenario.yaml"
    scenario.write_text("version: 1\nsteps: [{at: 0s, do: drop_gateway}]\n")
    async with started("--scenario", str(scenario)) as process:
        for _ in range(3):
            await line_of(process)
        process.send_signal(signal.SIGTERM)
        _, err = await process.communicate()
        assert (process.returncode, err) == (0, b"")


async def test_mistakes_in_a_file_end_it_with_2(tmp_path: Path) -> None:
    """The message names file, line and column."""
    world = tmp_path / "world.yaml"
    world.write_text("version: 1\nguilds: {a: {shoes: 1}}\n")
    async with started("--world", str(world)) as process:
        _, err = await process.communicate()
        assert process.returncode == 2
        assert f"{world}:2:14: unknown key 'shoes'" in err.decode()
