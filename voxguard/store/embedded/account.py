"""Whose process the server is: ours, or for root, which PostgreSQL refuses, another's."""

import os
import pwd
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from signal import SIGKILL, Signals
from typing import IO, Final

from voxguard.errors import UnreachableError
from voxguard.store.embedded import launcher

# The last is there on every system, but shared with whatever else has no account of its own.
_NAMES: Final = ("voxguard", "postgres", "nobody")


@dataclass(frozen=True, slots=True)
class Account:
    """A user who runs the server; ids of -1 mean whoever we are."""

    uid: int = -1
    gid: int = -1

    @property
    def is_other(self) -> bool:
        """Whether it is not our own."""
        return self.uid >= 0

    def give(self, path: Path) -> None:
        """Let this account own a file or a directory."""
        if self.is_other:
            os.chown(path, self.uid, self.gid)

    def popen(
        self,
        command: Sequence[str | Path],
        *,
        death_signal: Signals = SIGKILL,
        stdin: IO[bytes] | int = subprocess.DEVNULL,
        output: IO[bytes] | int = subprocess.DEVNULL,
        pass_fds: Sequence[int] = (),
    ) -> "subprocess.Popen[bytes]":
        """Start a program as this account; it gets `death_signal` when this process ends.

        To be called from the main thread: the kernel sends that signal when the thread that
        forked ends.
        """
        if threading.current_thread() is not threading.main_thread():
            raise RuntimeError("the server can only be started from the main thread")
        ids = (os.getpid(), self.uid, self.gid, int(death_signal))
        return subprocess.Popen(  # noqa: S603 - our own launcher and a path that we have found
            [sys.executable, "-I", "-S", launcher.__file__, *map(str, ids), *map(str, command)],
            stdin=stdin,
            stdout=output,
            stderr=subprocess.STDOUT,
            pass_fds=pass_fds,
            cwd="/",
            # Ctrl-C is for the program at the terminal, which then ends the server in order.
            start_new_session=True,
        )


def choose_account(data_dir: Path) -> Account:
    """Ourselves; for root the owner of the data, else the first account of a list.

    Raises:
        UnreachableError: None of them exists.
    """
    if os.geteuid() != 0:
        return Account()
    try:
        owner = data_dir.stat()
    except FileNotFoundError:
        pass
    else:
        if owner.st_uid != 0:
            return Account(owner.st_uid, owner.st_gid)
    for name in _NAMES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise UnreachableError(
        "PostgreSQL does not run as root, and there is no user to run it as",
        hint="run voxguard as an ordinary user, `useradd --system voxguard`, or set DATABASE_URL",
    )
