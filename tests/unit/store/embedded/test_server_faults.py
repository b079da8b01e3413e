import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.unit.store.embedded.helpers import ROOT, data_dir, fetch, is_gone, until
from voxguard.errors import UnreachableError
from voxguard.store.embedded import server as server_module
from voxguard.store.embedded.account import choose_account
from voxguard.store.embedded.binaries import Binaries
from voxguard.store.embedded.server import EmbeddedPostgres

# Nothing but the test runs in its loop.
# ruff: noqa: ASYNC240

CHILD = """
import asyncio, sys
from pathlib import Path
import asyncpg
from voxguard.store.embedded.server import EmbeddedPostgres

async def main():
    server = EmbeddedPostgres(Path(sys.argv[1]))
    await server.start()
    connection = await asyncpg.connect(server.dsn)
    await connection.execute("CREATE TABLE IF NOT EXISTS kept (number int)")
    print(server.pid, flush=True)
    number = await connection.fetchval("SELECT count(*) FROM kept")
    while True:
        number += 1
        await connection.execute("INSERT INTO kept VALUES ($1)", number)
        print(number, flush=True)

asyncio.run(main())
"""


async def test_the_server_ends_with_a_daemon_that_is_killed(
    state_dir: Path, kill_rounds: int
) -> None:
    """After kill -9 no server is left behind, and the next start finds all that was committed."""
    for _ in range(min(kill_rounds, 10)):
        command = [sys.executable, "-c", CHILD, str(state_dir)]
        # Nothing else runs in this loop.
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:  # noqa: ASYNC220
            assert child.stdout is not None
            pid = int(child.stdout.readline())
            numbers = [int(child.stdout.readline()) for _ in range(20)]
            child.kill()
        async with EmbeddedPostgres(state_dir) as server:
            assert is_gone(pid)
            found = await fetch(server.dsn, "SELECT max(number) FROM kept WHERE number > 0")
            assert isinstance(found, int)
            assert found >= numbers[-1]
            assert await fetch(server.dsn, "SELECT count(*) FROM kept") == found


async def test_a_server_that_was_killed_is_started_again(state_dir: Path) -> None:
    """Its orphans, its pid file and its socket do not keep the next one from starting."""
    server = EmbeddedPostgres(state_dir)
    dsn = await server.start()
    await fetch(dsn, "CREATE TABLE kept (number int)")
    assert server.pid is not None
    os.kill(server.pid, signal.SIGKILL)
    await until(lambda: server._process is not None and server._process.poll() is not None)
    assert await fetch(await server.start(), "SELECT count(*) FROM kept") == 0
    await server.stop()


async def test_a_pid_file_that_names_a_stranger_is_no_obstacle(state_dir: Path) -> None:
    """In containers numbers come again: a process of the same user may have the old one."""
    async with EmbeddedPostgres(state_dir) as server:
        assert server.pid is not None
        pid_file = data_dir(state_dir) / "postmaster.pid"
        old = pid_file.read_text().splitlines()
    stranger = choose_account(data_dir(state_dir)).popen([shutil.which("sleep") or "", "100"])
    try:
        arguments = Path(f"/proc/{stranger.pid}/cmdline")
        await until(lambda: arguments.read_bytes().endswith(b"/sleep\x00100\x00"))
        pid_file.write_text("\n".join((str(stranger.pid), *old[1:])) + "\n")
        pid_file.chmod(0o600)
        choose_account(data_dir(state_dir)).give(pid_file)
        async with EmbeddedPostgres(state_dir) as server:
            assert server.pid is not None
            assert await fetch(server.dsn, "SELECT 1") == 1
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


async def test_a_server_that_does_not_start_says_why(state_dir: Path) -> None:
    """The message holds the server's own last words and where to read on."""
    (data_dir(state_dir) / "postgresql.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(
        UnreachableError, match=r"does not start: configuration file .* contains errors"
    ) as caught:
        await EmbeddedPostgres(state_dir).start()
    assert "its log is in" in str(caught.value.hint)


async def test_a_server_that_does_not_get_ready_is_ended(
    state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A start has a limit of time, and leaves no half-started server behind."""
    monkeypatch.setattr(server_module, "_START_SECONDS", -1.0)
    if ROOT:
        monkeypatch.setattr(EmbeddedPostgres, "_readable", _as_it_is)
    server = EmbeddedPostgres(state_dir)
    with pytest.raises(UnreachableError, match="does not get ready"):
        await server.start()
    assert server.pid is None


async def _as_it_is(self: EmbeddedPostgres, binaries: Binaries, account: object) -> Binaries:
    return binaries


async def test_a_server_that_does_not_stop_is_killed(
    state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The daemon's own stop is not held up, and the next start recovers."""
    monkeypatch.setattr(server_module, "_STOP_SECONDS", 0.05)
    monkeypatch.setattr(server_module, "_QUIT_SECONDS", 0.05)
    server = EmbeddedPostgres(state_dir)
    await fetch(await server.start(), "CREATE TABLE kept (number int)")
    assert server.pid is not None
    os.kill(server.pid, signal.SIGSTOP)
    pid = server.pid
    await server.stop()
    assert is_gone(pid)
    async with EmbeddedPostgres(state_dir) as again:
        assert await fetch(again.dsn, "SELECT count(*) FROM kept") == 0


async def test_initdb_that_fails_leaves_no_data_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is not whole is not there; the message holds the reason, and a new try may succeed."""
    with tempfile.TemporaryDirectory() as directory:
        Path(directory).chmod(0o755)
        fake = Binaries(Path(directory), Path(directory))
        fake.postgres.write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 18.1'\n")
        fake.initdb.write_text("#!/bin/sh\necho 'initdb: error: no space left'\nexit 1\n")
        for program in (fake.postgres, fake.initdb):
            program.chmod(0o755)
        monkeypatch.setattr(server_module, "choose_binaries", lambda _: fake)
        with pytest.raises(UnreachableError, match="could be made: no space left"):
            await EmbeddedPostgres(tmp_path).start()
    assert not (tmp_path / "pg18").exists()
    monkeypatch.undo()
    async with EmbeddedPostgres(tmp_path) as server:
        assert await fetch(server.dsn, "SELECT 1") == 1


async def test_a_state_directory_that_cannot_be_made_is_an_error_for_people(
    tmp_path: Path,
) -> None:
    """A file where the directory should be is said so."""
    (tmp_path / "file").write_text("")
    with pytest.raises(UnreachableError) as caught:
        await EmbeddedPostgres(tmp_path / "file").start()
    assert str(caught.value) == f"the embedded database in {tmp_path / 'file'}: File exists"
    assert "VOXGUARD_STATE_DIR" in str(caught.value.hint)
