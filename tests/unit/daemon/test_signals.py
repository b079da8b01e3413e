import signal
import subprocess
import sys
import time

import pytest

SLOW = """
import asyncio, os, signal, sys
from voxguard.daemon import signals

signals.LONGEST_STOP_SECONDS = float(sys.argv[1])

async def main():
    with signals.on_signals(lambda: None):
        for _ in range(int(sys.argv[2])):
            os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.sleep(0.1)
        await asyncio.sleep(float(sys.argv[3]))
    await asyncio.sleep(0.2)
    sys.exit(5)

asyncio.run(main())
"""


@pytest.mark.parametrize(
    ("longest", "times", "takes", "code"),
    [(0.2, 1, 60.0, 0), (60.0, 2, 60.0, 128 + signal.SIGTERM), (0.3, 1, 0.0, 5)],
    ids=["a stop that hangs", "a second signal", "a stop in time"],
)
def test_a_stop_has_an_end(longest: float, times: int, takes: float, code: int) -> None:
    """Whatever holds it up, the process is gone in time; one that ends in order is left alone."""
    began = time.monotonic()
    arguments = [sys.executable, "-c", SLOW, str(longest), str(times), str(takes)]
    done = subprocess.run(arguments, capture_output=True, check=False, timeout=50)
    assert done.returncode == code, done.stderr
    assert time.monotonic() - began < 30
