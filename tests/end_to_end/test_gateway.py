import asyncio
import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.end_to_end.conftest import Start
from tests.end_to_end.daemon import Daemon, environment
from tests.end_to_end.harbour import BLOCK, BLOCKED, WORLD, Harbour, write_policies
from voxguard.sandbox.faults import Outage
from voxguard.sandbox.sandbox import Sandbox

GONE = {"channel_id": None}
TROUBLES: dict[str, Callable[[Sandbox], None]] = {
    "the line is cut and the session forgotten": lambda sandbox: sandbox.drop_gateway(
        forget_sessions=True
    ),
    "op 7": Sandbox.reconnect_gateway,
    "op 9": Sandbox.invalidate_gateway,
    "op 9, resumable": lambda sandbox: sandbox.invalidate_gateway(resumable=True),
    "4001": lambda sandbox: sandbox.close_gateway(4001),
}


@pytest.fixture
def policies(policies: Path) -> Path:
    """A block list."""
    return write_policies(policies, {"block.yaml": BLOCK, "lists.yaml": BLOCKED})


async def test_it_comes_back_and_catches_up(
    policies: Path, tmp_path: Path, database_url: str
) -> None:
    """However the gateway ends, whoever joined meanwhile is decided when it is back."""

    async def trouble(number: int, name: str, cause: Callable[[Sandbox], None]) -> None:
        async with Sandbox(WORLD) as sandbox:
            harbour = Harbour(sandbox)
            env = environment(tmp_path / f"state-{number}", sandbox, database_url=database_url)
            daemon = await Daemon.start(policies, env)
            try:
                await daemon.ready()
                harbour.join("mallory")
                await harbour.edit("mallory", GONE)
                # The report of their leaving may be lost with what follows.
                sandbox.set_outage(gateway=True)
                cause(sandbox)
                began = time.monotonic()
                await sandbox.wait_for(lambda: not sandbox.hub.is_ready, 30)
                harbour.join("mallory")
                harbour.join("trudy")
                harbour.join("alice")
                sandbox.set_outage()
                await harbour.edit("mallory", GONE, after=1)
                await harbour.edit("trudy", GONE)
                print(f"{name}: out {time.monotonic() - began:.1f} s later")
                await daemon.ready()
                assert await daemon.stop() == 0
                assert harbour.place("alice") == "lobby"
                assert len(harbour.edits()) == 3
            finally:
                await daemon.kill()

    listed = BLOCKED.replace('"]', '", "80351110224678913"]')
    write_policies(policies, {"lists.yaml": listed})
    rounds = enumerate(TROUBLES.items())
    await asyncio.gather(*(trouble(number, *each) for number, each in rounds))


async def test_discord_out_of_reach_at_the_start(
    policies: Path, state_dir: Path, database_url: str
) -> None:
    """Without Discord it keeps trying and says why it is not ready, until Discord is there."""
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        port = reserved.getsockname()[1]
    sandbox = Sandbox(WORLD, port=port)
    harbour = Harbour(sandbox)
    harbour.join("mallory")
    env = environment(state_dir, sandbox, database_url=database_url)
    daemon = await Daemon.start(policies, env)
    try:
        await daemon.line("not connected to Discord, will try again")
        status, health = await daemon.get("/readyz")
        assert (status, health["ready"], health["discord"]) == (503, False, "away")
        assert any("not connected to Discord" in reason for reason in health["reasons"])
        assert (await daemon.get("/healthz"))[0] == 200
        async with sandbox:
            await daemon.ready()
            await harbour.edit("mallory", GONE)
            assert await daemon.stop() == 0
    finally:
        await daemon.kill()


async def test_it_does_without_the_members_intent(
    policies: Path, state_dir: Path, database_url: str, tmp_path: Path
) -> None:
    """Refused the privileged intent (4014), it goes on without, warns, and moderates."""
    world = tmp_path / "world.yaml"
    text = WORLD.read_text().replace("{name: voxguard}", "{name: voxguard, intents: []}")
    world.write_text(text)
    async with Sandbox(world) as sandbox:
        env = environment(state_dir, sandbox, database_url=database_url)
        daemon = await Daemon.start(policies, env)
        try:
            await daemon.ready()
            await daemon.line("an intent is not allowed", level="warning")
            health = (await daemon.get("/readyz"))[1]
            assert health["degraded"]
            harbour = Harbour(sandbox)
            harbour.join("mallory")
            await harbour.edit("mallory", GONE)
            assert await daemon.stop() == 0
        finally:
            await daemon.kill()


async def test_an_outage_of_rest(start: Start, harbour: Harbour, policies: Path) -> None:
    """A disconnect that Discord answers with 500 is asked for again until it is done, once."""
    daemon = await (await start()).ready()
    harbour.sandbox.set_outage(rest=Outage.ERROR)
    harbour.join("mallory")
    await harbour.sandbox.wait_for(lambda: len(harbour.edits("mallory")) >= 2, 30)
    harbour.sandbox.set_outage()
    await daemon.line("outcome", rule="no-entry", outcome="applied")
    assert [edit.status for edit in harbour.edits("mallory")].count(200) == 1
    assert harbour.place("mallory") is None
    assert await daemon.stop() == 0
