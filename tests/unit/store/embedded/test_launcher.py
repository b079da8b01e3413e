import asyncio
import os
import subprocess
import sys
from pathlib import Path

from voxguard.store.embedded import launcher

LAUNCH = (sys.executable, launcher.__file__)


def test_it_becomes_the_program() -> None:
    """Arguments and exit code are the program's own."""
    command = [*LAUNCH, str(os.getpid()), "-1", "-1", "9", "/bin/sh", "-c", "exit 7"]
    assert subprocess.run(command, timeout=20, check=False).returncode == 7


def test_it_does_not_outlive_its_parent() -> None:
    """A parent that is gone before the signal is set up counts as dead."""
    command = [*LAUNCH, "1", "-1", "-1", "9", "/bin/sh", "-c", "exit 0"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    assert (done.returncode, "has ended" in done.stderr) == (1, True)


def test_a_program_that_is_missing_is_said_so() -> None:
    """One line, no traceback."""
    command = [*LAUNCH, str(os.getpid()), "-1", "-1", "9", "/no/such"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    assert done.stderr == "/no/such: No such file or directory\n"


def test_the_program_ends_with_its_parent() -> None:
    """The signal comes from the kernel: nobody has to be there to send it."""
    middle = (
        "import subprocess, sys, os\n"
        "from signal import SIGTERM\n"
        "from voxguard.store.embedded.account import Account\n"
        "child = Account().popen(['/bin/sleep', '100'], death_signal=SIGTERM)\n"
        "print(child.pid, flush=True)\n"
        "child.wait()\n"
    )
    command = [sys.executable, "-c", middle]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        descriptor = os.pidfd_open(pid)
        name = Path(f"/proc/{pid}/cmdline")
        while b"/bin/sleep\0" not in name.read_bytes()[:11]:
            pass
        parent.kill()
    asyncio.run(_wait_readable(descriptor))
    os.close(descriptor)


async def _wait_readable(descriptor: int) -> None:
    """A pidfd becomes readable when its process has ended."""
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(descriptor, ended.set)
    async with asyncio.timeout(20):
        await ended.wait()
    loop.remove_reader(descriptor)
