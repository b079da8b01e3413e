import asyncio
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import asyncpg
import pytest

from tests.unit.store.embedded.helpers import ROOT, data_dir, fetch, is_gone
from voxguard.store.embedded import server as server_module
from voxguard.store.embedded.account import choose_account
from voxguard.store.embedded.binaries import Binaries, choose_binaries
from voxguard.store.embedded.server import EmbeddedPostgres

# Nothing but the test runs in its loop.
# ruff: noqa: ASYNC240


async def test_what_was_written_is_there_after_a_stop_and_a_start(tmp_path: Path) -> None:
    """The server is made at the first start, ends with the block, and keeps its data."""
    state_dir = tmp_path / "state"
    async with EmbeddedPostgres(state_dir) as server:
        await fetch(server.dsn, "CREATE TABLE kept AS SELECT 42 AS answer")
        pid = server.pid
        assert pid is not None
        assert await server.start() == server.dsn
        assert server.pid == pid
    assert is_gone(pid)
    async with EmbeddedPostgres(state_dir) as server:
        assert await fetch(server.dsn, "SELECT answer FROM kept") == 42
        assert await fetch(server.dsn, "SHOW listen_addresses") == ""
        assert await fetch(server.dsn, "SHOW synchronous_commit") == "on"
        assert 0 < server.start_seconds < 60
        socket_dir = Path(str(await fetch(server.dsn, "SHOW unix_socket_directories")))
        assert socket_dir.exists()
    assert not socket_dir.exists()
    await server.stop()


async def test_nobody_else_gets_in(tmp_path: Path) -> None:
    """Data, password and socket are the owner's alone, and no one enters without the password."""
    state_dir = tmp_path / "state"
    async with EmbeddedPostgres(state_dir) as server:
        for path, mode in ((state_dir, 0o700), (state_dir / "pgpass", 0o600)):
            assert stat.S_IMODE(path.stat().st_mode) == mode
            assert path.stat().st_uid == os.geteuid()
        assert stat.S_IMODE(data_dir(state_dir).stat().st_mode) == 0o700
        password = (state_dir / "pgpass").read_text().strip().rpartition(":")[2]
        assert password not in server.dsn
        assert password not in Path(f"/proc/{server.pid}/cmdline").read_text()
        bare = server.dsn.partition("&passfile")[0]
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(bare, password="wrong")
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(bare, passfile=str(tmp_path / "none"))


@pytest.mark.skipif(not ROOT, reason="root alone can become somebody else")
async def test_root_hands_the_server_to_an_ordinary_account(tmp_path: Path) -> None:
    """PostgreSQL refuses root; no mode of a directory above the data is changed for its account."""
    tmp_path.chmod(0o700)
    async with EmbeddedPostgres(tmp_path / "state") as server:
        owner = Path(f"/proc/{server.pid}").stat().st_uid
        assert owner != 0
        assert data_dir(tmp_path / "state").stat().st_uid == owner
        status = Path(f"/proc/{server.pid}/status").read_text()
        assert "\nGroups:\t \n" in status
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "state").stat().st_mode) == 0o700
    assert choose_account(data_dir(tmp_path / "state")).uid == owner


USER = """
import asyncio, sys
from pathlib import Path
import asyncpg
from voxguard.store.embedded.server import EmbeddedPostgres

async def main():
    for _ in range(2):
        async with EmbeddedPostgres(Path(sys.argv[1])) as server:
            connection = await asyncpg.connect(server.dsn)
            print(await connection.fetchval("SELECT 40 + 2"))
            await connection.close()

asyncio.run(main())
"""


@pytest.mark.skipif(not ROOT, reason="an ordinary user runs the other tests of this file")
def test_an_ordinary_user_needs_no_root() -> None:
    """Whoever is not root runs the server as himself."""
    path = os.pathsep.join((str(Path.cwd()), *filter(None, sys.path)))
    environment = {"PYTHONPATH": path, "PATH": os.environ["PATH"]}
    with tempfile.TemporaryDirectory() as home:
        os.chown(home, 65534, 65534)
        for python in (sys.executable, "/usr/bin/python3"):
            command = [python, "-c", USER, home + "/state"]
            try:
                done = subprocess.run(
                    command,
                    user=65534,
                    group=65534,
                    extra_groups=[],
                    cwd="/",
                    env=environment,
                    capture_output=True,
                    text=True,
                    timeout=100,
                    check=False,
                )
            except PermissionError:
                continue
            if "ModuleNotFoundError" in done.stderr:
                continue
            assert (done.stdout, done.stderr) == ("42\n42\n", "")
            return
    pytest.skip("no interpreter that an ordinary user can read")


def owns(server: EmbeddedPostgres) -> bool:
    """Whether it would stop what it uses."""
    return server.pid is not None


async def test_a_second_process_uses_the_running_server(state_dir: Path) -> None:
    """Whoever comes later attaches, and does not stop what is not his; later he may own one."""
    owner, guest = EmbeddedPostgres(state_dir), EmbeddedPostgres(state_dir)
    await asyncio.gather(owner.start(), guest.start())
    if not owns(owner):
        owner, guest = guest, owner
    assert not owns(guest)
    assert guest.dsn == owner.dsn
    await guest.stop()
    assert await fetch(guest.dsn, "SELECT 1") == 1
    await owner.stop()
    assert await guest.start()
    assert owns(guest)
    assert await fetch(guest.dsn, "SELECT 1") == 1
    await guest.stop()


async def test_a_long_state_directory_has_its_socket_elsewhere(
    state_dir: Path, tmp_path: Path
) -> None:
    """A socket's path ends at 107 bytes, a directory's does not."""
    long = state_dir.rename(tmp_path / ("long" * 40))
    async with EmbeddedPostgres(long) as server:
        assert await fetch(server.dsn, "SELECT 1") == 1


@pytest.mark.skipif(not ROOT, reason="an ordinary user can read what he runs")
async def test_programs_below_roots_home_are_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A virtual environment that the server's account cannot read serves all the same, once."""
    found = choose_binaries(tmp_path)
    hidden = tmp_path / "hidden"
    for part in found.parts:
        if (found.root / part).is_dir():
            shutil.copytree(found.root / part, hidden / part, symlinks=True)
    tmp_path.chmod(0o700)
    unreadable = Binaries(hidden / found.bin_dir.relative_to(found.root), hidden, found.parts)
    monkeypatch.setattr(server_module, "choose_binaries", lambda _: unreadable)
    with tempfile.TemporaryDirectory() as directory:
        Path(directory).chmod(0o755)
        for _ in range(2):
            async with EmbeddedPostgres(
                tmp_path / "state", cache_dir=Path(directory) / "cache"
            ) as server:
                assert await fetch(server.dsn, "SELECT 1") == 1
                program = Path(f"/proc/{server.pid}/exe").readlink()
                assert program.is_relative_to(directory)


async def test_the_loop_goes_on_while_the_server_is_made(tmp_path: Path) -> None:
    """Nobody waits for the database: five times the promised 50 ms is the limit here."""
    worst = 0.0
    loop = asyncio.get_running_loop()

    async def watch() -> None:
        nonlocal worst
        while True:
            before = loop.time()
            await asyncio.sleep(0.001)
            worst = max(worst, loop.time() - before)

    watcher = asyncio.create_task(watch())
    async with EmbeddedPostgres(tmp_path):
        pass
    watcher.cancel()
    assert worst < 0.25


def test_an_address_needs_a_server(tmp_path: Path) -> None:
    """Asking too early is a mistake of the program's, and loud."""
    with pytest.raises(RuntimeError, match="not started"):
        _ = EmbeddedPostgres(tmp_path).dsn
