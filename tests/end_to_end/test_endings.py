import asyncio
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.conftest import Start
from tests.end_to_end.daemon import Daemon, environment
from tests.end_to_end.harbour import BLOCK, write_policies
from voxguard.sandbox.sandbox import Sandbox


@pytest.fixture
def busy_port() -> Iterator[int]:
    """A port where somebody listens already."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


@pytest.mark.parametrize(
    ("settings", "code", "words"),
    [
        ({"discord_token": ""}, 2, "DISCORD_TOKEN is not set"),
        ({"discord_token": "not.the.token"}, 7, "Discord refuses the token"),
        ({"voxguard_http_port": "busy"}, 2, "cannot listen on 127.0.0.1 port"),
        ({"voxguard_reload": "sometimes"}, 2, "VOXGUARD_RELOAD must be auto or manual"),
    ],
)
async def test_what_keeps_it_from_running_is_said_in_a_line(
    settings: dict[str, str],
    code: int,
    words: str,
    sandbox: Sandbox,
    policies: Path,
    state_dir: Path,
    database_url: str,
    busy_port: int,
) -> None:
    """It ends with the code for the cause, a line that names it, one that helps, no traceback."""
    if settings.get("voxguard_http_port") == "busy":
        settings = {"voxguard_http_port": str(busy_port)}
    env = environment(state_dir, sandbox, **{"database_url": database_url, **settings})
    daemon = await Daemon.start(policies, env)
    assert await daemon.ended() == code
    said = " ".join(daemon.words)
    assert words in said
    assert len(daemon.words) <= 4
    assert "Traceback" not in f"{daemon}"
    assert "exception" not in f"{daemon}"
    assert sandbox.token not in f"{daemon}"
    await daemon.family.gone()


async def test_policies_that_do_not_load(start: Start, policies: Path, tmp_path: Path) -> None:
    """A first start with a broken or missing set ends with 3 and the place of each problem."""
    write_policies(policies, {"block.yaml": BLOCK})
    broken = await start()
    assert await broken.ended() == 3
    assert "block.yaml:5:19" in " ".join(broken.words)
    policies.rename(tmp_path / "elsewhere")
    missing = await start()
    assert await missing.ended() == 3
    assert str(policies) in "".join(missing.words)
    assert "Traceback" not in f"{broken}{missing}"


async def test_a_second_daemon_of_one_state_directory(
    start: Start, sandbox: Sandbox, policies: Path, state_dir: Path
) -> None:
    """A second daemon ends with 6 and leaves the first alone."""
    first = await (await start()).ready()
    second = await start()
    assert await second.ended() == 6
    assert str(state_dir) in " ".join(second.words)
    assert (await first.get("/readyz"))[0] == 200
    assert await first.stop() == 0


async def test_a_token_that_is_refused_later(start: Start, sandbox: Sandbox) -> None:
    """When Discord closes the gateway with 4004 it ends with 7 and says so."""
    daemon = await (await start()).ready()
    sandbox.close_gateway(4004)
    assert await daemon.ended() == 7
    assert "Discord refuses the token" in " ".join(daemon.words)
    await daemon.family.gone()


async def test_it_ends_while_it_is_still_starting(start: Start) -> None:
    """SIGTERM at any moment of the start ends it without a traceback or anything left behind."""
    for moment in ("as soon as it speaks", "listening"):
        daemon = await start(database_url="")
        if moment == "listening":
            await daemon.line(moment)
        else:
            await daemon.line("policies in force")
        daemon.family.look()
        assert await asyncio.wait_for(daemon.stop(), 20) == 0
        assert daemon.words == []
        await daemon.family.gone()
