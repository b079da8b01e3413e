"""The embedded server's life: found, made, started, used by several processes, stopped."""

import asyncio
import hashlib
import subprocess
import tempfile
import time
from pathlib import Path
from signal import SIGINT, SIGQUIT
from types import TracebackType
from typing import IO, Final, Self
from urllib.parse import quote

import asyncpg

from voxguard.errors import UnreachableError
from voxguard.store.database_errors import errors_for_people
from voxguard.store.embedded.account import Account, choose_account
from voxguard.store.embedded.binaries import (
    Binaries,
    choose_binaries,
    copy_binaries,
    data_directory,
)
from voxguard.store.embedded.cluster import (
    PASSWORD_FILE,
    USER,
    make_cluster,
    reachable,
    renew_password,
)
from voxguard.store.embedded.locking import file_lock
from voxguard.store.embedded.options import bound_logs, last_complaint, server_arguments
from voxguard.store.embedded.processes import (
    exits,
    exits_or_dies,
    find_running,
    wait_until_ready,
)
from voxguard.store.embedded.sockets import (
    clear_socket_directory,
    cluster_name,
    make_socket_directory,
    remove_socket_directory,
)

DATABASE: Final = "voxguard"
CACHE_DIR: Final = Path("/var/cache/voxguard")

# A start after a crash reads the log that has gathered since the last checkpoint.
_START_SECONDS: Final = 60.0
# Orphans of a server that was killed notice within moments.
_ORPHAN_SECONDS: Final = 5.0
_STOP_SECONDS: Final = 5.0
_QUIT_SECONDS: Final = 2.0


class EmbeddedPostgres:
    """A PostgreSQL server in a state directory.

    The first process that starts it owns it, and it ends with that process, also when that is
    killed. Others that start it meanwhile use the running one; when that has ended, calling
    `start` again makes them the owner. Data are durable either way.
    """

    def __init__(self, state_dir: Path, *, cache_dir: Path = CACHE_DIR) -> None:
        self._state_dir = state_dir.absolute()
        self._cache_dir = cache_dir
        self._lock = asyncio.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._socket_dir: Path | None = None
        self.start_seconds = 0.0
        """How long the last start took."""

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.stop()

    @property
    def dsn(self) -> str:
        """The address of the program's database; the password stands in a file that it names."""
        return self.address(DATABASE)

    def address(self, database: str) -> str:
        """The address of any database of a server that was started."""
        if self._socket_dir is None:
            raise RuntimeError("the server was not started")
        passfile = quote(str(self._state_dir / PASSWORD_FILE))
        return f"postgresql://{USER}@/{database}?host={self._socket_dir}&passfile={passfile}"

    @property
    def pid(self) -> int | None:
        """The server's process if we own it."""
        return None if self._process is None else self._process.pid

    async def start(self) -> str:
        """Make sure that the server runs, and return its address.

        Raises:
            UnreachableError: There are no programs to start, or they fail.
            LockedError: Another process has been starting it for far too long.
        """
        async with self._lock:
            if self._process is not None and self._process.poll() is None:
                return self.dsn
            began = time.monotonic()
            try:
                self._state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
                async with file_lock(self._state_dir / "pg.lock", _START_SECONDS * 2):
                    await self._start_locked()
            except OSError as error:
                raise UnreachableError(
                    f"the embedded database in {self._state_dir}: {error.strerror or error}",
                    hint="VOXGUARD_STATE_DIR must be a directory that this user can write to",
                ) from None
            self.start_seconds = time.monotonic() - began
            return self.dsn

    async def stop(self) -> None:
        """End the server if we own it, in order while there is time for that."""
        async with self._lock:
            process, self._process = self._process, None
            if process is None:
                return
            if process.poll() is None:
                process.send_signal(SIGINT)
                if not await exits(process, _STOP_SECONDS):
                    # Recovery at the next start makes up for it.
                    process.send_signal(SIGQUIT)
                    await exits_or_dies(process, _QUIT_SECONDS)
            if self._socket_dir is not None:
                remove_socket_directory(self._socket_dir)

    async def _start_locked(self) -> None:
        binaries = await asyncio.to_thread(choose_binaries, self._state_dir)
        data_dir = data_directory(self._state_dir, binaries.major)
        marker = f"cluster_name={cluster_name(data_dir)}"
        self._socket_dir = await find_running(data_dir, marker, _START_SECONDS)
        if self._socket_dir is not None:
            return
        account = choose_account(data_dir)
        if account.is_other:
            binaries = await self._readable(binaries, account)
        if not data_dir.exists():
            await make_cluster(binaries, account, data_dir)
        elif not (self._state_dir / PASSWORD_FILE).exists():
            await renew_password(binaries, account, data_dir)
        self._socket_dir = make_socket_directory(data_dir, account)
        try:
            clear_socket_directory(self._socket_dir)
            bound_logs(data_dir)
            await self._launch_patiently(binaries, account, data_dir, marker)
        except BaseException:
            remove_socket_directory(self._socket_dir)
            raise
        await self._ensure_database()

    async def _launch_patiently(
        self, binaries: Binaries, account: Account, data_dir: Path, marker: str
    ) -> None:
        deadline = time.monotonic() + _ORPHAN_SECONDS
        while (said := await self._launch(binaries, account, data_dir, marker)) is not None:
            if "still in use" not in said or time.monotonic() > deadline:
                raise UnreachableError(
                    f"the embedded database in {data_dir} does not start: {said}",
                    hint=f"its log is in {data_dir / 'log'}",
                )

    async def _readable(self, binaries: Binaries, account: Account) -> Binaries:
        process = account.popen([binaries.postgres, "--version"])
        await exits_or_dies(process, _START_SECONDS)
        if process.returncode == 0:
            return binaries
        name = hashlib.sha256(f"{binaries.version} {binaries.bin_dir}".encode()).hexdigest()[:12]
        target = self._cache_dir / f"postgresql-{binaries.major}-{name}"
        return await asyncio.to_thread(copy_binaries, binaries, target)

    async def _launch(
        self, binaries: Binaries, account: Account, data_dir: Path, marker: str
    ) -> str | None:
        """Start the server; None when it takes connections, else why it ended."""
        assert self._socket_dir is not None  # noqa: S101 - set by the only caller
        with tempfile.TemporaryFile() as output:
            with reachable(data_dir, account) as (path, descriptors):
                arguments = server_arguments(binaries.major, path, self._socket_dir, marker)
                process = account.popen(
                    [binaries.postgres, *arguments],
                    death_signal=SIGINT,
                    output=output,
                    pass_fds=descriptors,
                )
            try:
                await wait_until_ready(process, data_dir, _START_SECONDS)
            except BaseException:
                process.kill()
                process.wait()
                raise
            if process.returncode is None:
                self._process = process
                return None
            return last_complaint(data_dir, _read(output))

    async def _ensure_database(self) -> None:
        with errors_for_people(str(self._socket_dir)):
            connection = await asyncpg.connect(self.address("postgres"))
            try:
                query = "SELECT 1 FROM pg_database WHERE datname = $1"
                if await connection.fetchval(query, DATABASE) is None:
                    await connection.execute(f"CREATE DATABASE {DATABASE}")
            finally:
                await connection.close()


def _read(output: IO[bytes]) -> str:
    output.seek(0)
    return output.read().decode(errors="replace")
