"""Becomes a program that gives up root, and that ends when the process that started it does.

Run by its path, with the standard library alone: LAUNCHER PARENT_PID UID GID SIGNAL PROGRAM ARG...
Source: prctl(2), PR_SET_PDEATHSIG.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def become(parent_pid: int, uid: int, gid: int, death_signal: int, command: list[str]) -> None:
    """Replace this process by `command`; returns only when the parent is gone already.

    `uid` and `gid` of -1 leave the credentials alone.

    Raises:
        OSError: The credentials cannot be changed, or there is no such program.
    """
    if uid >= 0:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    os.umask(0o077)
    # Changing credentials clears this setting, so it stands behind that.
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(PR_SET_PDEATHSIG, death_signal, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
    # A parent that ended before the setting took effect sends no signal.
    if os.getppid() == parent_pid:
        os.execv(command[0], command)  # noqa: S606 - becoming that program is the purpose


def main() -> None:
    """Read the command line, and say in one line why it could not be done."""
    parent_pid, uid, gid, death_signal = map(int, sys.argv[1:5])
    try:
        become(parent_pid, uid, gid, death_signal, sys.argv[5:])
    except OSError as error:
        sys.exit(f"{sys.argv[5]}: {error.strerror}")
    sys.exit("the process that started it has ended")


if __name__ == "__main__":
    main()
