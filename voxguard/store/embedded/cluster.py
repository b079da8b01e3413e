"""A new data directory: complete or not there at all, with a password that only we know."""

import asyncio
import os
import secrets
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from voxguard.errors import UnreachableError
from voxguard.store.embedded.account import Account
from voxguard.store.embedded.binaries import Binaries
from voxguard.store.embedded.options import last_complaint
from voxguard.store.embedded.processes import exits_or_dies

USER: Final = "voxguard"
PASSWORD_FILE: Final = "pgpass"  # noqa: S105 - a name

_INITDB_SECONDS: Final = 120.0
# What was not in order before is recovered first.
_RENEW_SECONDS: Final = 60.0


@contextmanager
def reachable(data_dir: Path, account: Account) -> Iterator[tuple[str, tuple[int, ...]]]:
    """A path by which the account reaches the directory, and the files that it must inherit.

    Another account cannot enter the directories above, root's home or our own of mode 0700, and
    their modes are not ours to change. A directory that is open is entered through /proc without
    passing those above it (proc(5), /proc/pid/fd).
    """
    if not account.is_other:
        yield str(data_dir), ()
        return
    descriptor = os.open(data_dir, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{descriptor}", (descriptor,)
    finally:
        os.close(descriptor)


async def make_cluster(binaries: Binaries, account: Account, data_dir: Path) -> None:
    """Make a data directory beside its place and rename it when it is whole.

    Raises:
        UnreachableError: initdb failed; the message says why.
    """
    unfinished = data_dir.with_name(f"{data_dir.name}.new")
    await asyncio.to_thread(shutil.rmtree, unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    account.give(unfinished)
    password = ensure_password(data_dir.parent)
    with tempfile.TemporaryFile() as stdin, tempfile.TemporaryFile() as output:
        stdin.write(f"{password}\n".encode())
        stdin.seek(0)
        if account.is_other:
            # initdb opens it by name, as the account.
            os.fchown(stdin.fileno(), account.uid, account.gid)
        with reachable(unfinished, account) as (path, descriptors):
            process = account.popen(
                [
                    binaries.initdb,
                    *("-D", path, f"--username={USER}", "--pwfile=/dev/stdin"),
                    *("--auth=scram-sha-256", "--encoding=UTF8", "--no-locale"),
                    "--no-instructions",
                    *_quick_sync(binaries.major),
                ],
                stdin=stdin,
                output=output,
                pass_fds=descriptors,
            )
            await exits_or_dies(process, _INITDB_SECONDS)
        if process.returncode != 0:
            output.seek(0)
            said = output.read().decode(errors="replace")
            raise UnreachableError(
                f"no data directory {data_dir} could be made: {last_complaint(unfinished, said)}",
                hint="is there space on the disk? Set DATABASE_URL to use another server",
            )
    unfinished.rename(data_dir)
    _sync(data_dir.parent)


async def renew_password(binaries: Binaries, account: Account, data_dir: Path) -> None:
    """Give the superuser another password, where the file with the present one is lost.

    In single-user mode the server asks nobody for one; no other may run on these data.

    Raises:
        UnreachableError: It does not start, or will not do it.
    """
    password = _new_password()
    with tempfile.TemporaryFile() as stdin, tempfile.TemporaryFile() as output:
        stdin.write(f"ALTER ROLE {USER} PASSWORD '{password}'\n".encode())
        stdin.seek(0)
        with reachable(data_dir, account) as (path, descriptors):
            process = account.popen(
                [
                    binaries.postgres,
                    *("--single", "-D", path, "-c", "log_min_error_statement=panic"),
                    *("-c", "exit_on_error=on", "postgres"),
                ],
                stdin=stdin,
                output=output,
                pass_fds=descriptors,
            )
            await exits_or_dies(process, _RENEW_SECONDS)
        if process.returncode != 0:
            output.seek(0)
            said = output.read().decode(errors="replace")
            raise UnreachableError(
                f"the password of the database in {data_dir} is lost: "
                f"{last_complaint(data_dir, said)}",
                hint=f"put the file {PASSWORD_FILE} back, or move {data_dir.name} away",
            )
    # Lost once more if this is the end of the process: the next start then does it again.
    _write_password(data_dir.parent, password)


def ensure_password(state_dir: Path) -> str:
    """The superuser's password, made at the first call; the file is what libpq calls a passfile.

    Source: https://www.postgresql.org/docs/current/libpq-pgpass.html
    """
    path = state_dir / PASSWORD_FILE
    try:
        return path.read_text(encoding="utf-8").strip().rpartition(":")[2]
    except FileNotFoundError:
        password = _new_password()
    _write_password(state_dir, password)
    return password


def _new_password() -> str:
    # Of letters, digits, - and _ alone: it stands in SQL and between colons.
    return secrets.token_urlsafe(32)


def _write_password(state_dir: Path, password: str) -> None:
    path = state_dir / PASSWORD_FILE
    fresh = path.with_name(f"{PASSWORD_FILE}.new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(f"*:*:*:{USER}:{password}\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.rename(path)


def _quick_sync(major: int) -> tuple[str, ...]:
    # One call for the whole file system instead of one for each of a thousand files: a third of
    # the time on a busy disk, and just as durable.
    return ("--sync-method=syncfs",) if major >= 17 and sys.platform == "linux" else ()


def _sync(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
