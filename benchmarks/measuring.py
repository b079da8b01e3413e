"""What all of these programs need: an option, a clock, a peak of memory, and lines to print."""

import argparse
import gc
import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")

ROUNDS = 3
MEGABYTE = 1_000_000


def is_quick(about: str | None) -> bool:
    """Whether `--quick` was asked for; `about` is the program's docstring."""
    parser = argparse.ArgumentParser(
        description=about, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="less of everything, in seconds")
    return bool(parser.parse_args().quick)


def say(what: str, *figures: str) -> None:
    """One line: what was measured, then what came of it."""
    print(f"{what:<54}" + "  ".join(f"{figure:>16}" for figure in figures), flush=True)


def heading(text: str) -> None:
    """What the lines below are about."""
    cores = os.cpu_count() or 1
    version = ".".join(map(str, sys.version_info[:3]))
    load = os.getloadavg()[0]
    print(f"{text} (Python {version}, {cores} cores, load {load:.1f})", flush=True)


def best(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Seconds of this process's processor time that the quickest of some rounds takes.

    What others do on the machine meanwhile counts little, and what was made before the
    first round does not make the garbage collector's work longer.
    """
    gc.collect()
    gc.freeze()
    seconds = []
    for _ in range(rounds):
        before = time.process_time()
        work()
        seconds.append(time.process_time() - before)
    gc.unfreeze()
    return min(seconds)


def share(values: Sequence[float], percent: float) -> float:
    """The value that so many percent of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def milliseconds(values: Sequence[float]) -> str:
    """The median and the 99th percentile of seconds."""
    return f"p50 {1000 * share(values, 50):.2f} ms  p99 {1000 * share(values, 99):.2f} ms"


def in_a_child(work: Callable[..., T], *arguments: Any) -> tuple[T, float]:
    """Do it in a fresh process; the result, and the peak of its memory in megabytes.

    The function must be a module's own, since it travels by name.
    """
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_measured, (work, arguments))


def _measured(work: Callable[..., T], arguments: tuple[Any, ...]) -> tuple[T, float]:
    result = work(*arguments)
    # Not getrusage: its peak begins with that of the process from which this one was forked.
    return result, _kilobytes("/proc/self/status", "VmHWM") * 1024 / MEGABYTE


def resident(pid: int) -> float:
    """Megabytes of memory that a process has now, shared pages counted by their share."""
    return _kilobytes(f"/proc/{pid}/smaps_rollup", "Pss") * 1024 / MEGABYTE


def disk_waits(directory: Path, count: int, pause_seconds: float = 0.0) -> list[float]:
    """Seconds that each write of 36 kB takes until the disk has it: the least of a commit."""
    data, seconds = bytes(36_000), []
    with (directory / "written").open("wb", buffering=0) as file:
        for _ in range(count):
            time.sleep(pause_seconds)
            began = time.perf_counter()
            file.write(data)
            os.fdatasync(file.fileno())
            seconds.append(time.perf_counter() - began)
    (directory / "written").unlink()
    return seconds


def family(pid: int) -> dict[int, str]:
    """A process and what it has started, with their command lines."""
    found = {pid: Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")}
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            found |= family(int(child))
    return found


def _kilobytes(file: str, wanted: str) -> int:
    for line in Path(file).read_text().splitlines():
        name, _, value = line.partition(":")
        if name == wanted:
            return int(value.split()[0])
    raise ValueError(f"{file} says nothing of {wanted}")
