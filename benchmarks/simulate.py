"""How long `voxguard simulate` takes for a million events, and whether its memory stays the same.

Run it as `python -m benchmarks.simulate`. The trace is made up: 2,000 members, ten events a
second, the sample policies. Seconds are those of processor time. Next to it what it takes to
read the same lines as JSON alone.
"""

import subprocess
import sys
import tempfile
from itertools import chain
from pathlib import Path

import orjson

from benchmarks.life import instants
from benchmarks.measuring import MEGABYTE, heading, is_quick, say
from benchmarks.samples import POLICIES, sample_life, sample_policies

READ = "import sys, orjson\nfor line in open(sys.argv[1], 'rb'): orjson.loads(line)"
"""What nobody can be quicker than who reads a trace in Python."""

WATCH = """\
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True)
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
print(usage.ru_utime + usage.ru_stime, usage.ru_maxrss, file=sys.stderr)
"""
"""A small process in between: a peak of memory begins with that of who has forked the process."""

KILOBYTE = 1024


def write_trace(file: Path, events: int) -> float:
    """A trace; its megabytes."""
    life = sample_life(sample_policies())
    with file.open("wb") as trace:
        for at, (name, payload) in zip(
            instants(), chain((life.appearance(),), life.dispatches(events - 1)), strict=False
        ):
            line = {"at": at.isoformat(), "t": name, "d": payload}
            trace.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
    return file.stat().st_size / MEGABYTE


def run(*arguments: str) -> tuple[float, float, bytes]:
    """Run Python; its seconds of processor time, its peak of memory in megabytes, its last line."""
    with tempfile.TemporaryFile() as output:
        watched = (sys.executable, "-c", WATCH, sys.executable, *arguments)
        figures = subprocess.run(watched, stdout=output, stderr=subprocess.PIPE, check=True).stderr
        output.seek(0)
        lines = output.read().splitlines()
    seconds, peak = map(float, figures.split())
    return seconds, peak * KILOBYTE / MEGABYTE, lines[-1] if lines else b""


def measure(file: Path, events: int) -> float:
    """Print what a trace of so many events takes; the peak of memory."""
    size = write_trace(file, events)
    seconds, peak, last = run(
        "-m", "voxguard", "simulate", str(file), str(POLICIES), "--format", "json"
    )
    decisions = orjson.loads(last)["summary"]["decisions"]
    say(
        f"{events:,} events ({size:.0f} MB), {decisions:,} decisions",
        f"{seconds:.1f} s",
        f"{events / seconds:,.0f} /s",
        f"peak {peak:.0f} MB",
    )
    floor, _, _ = run("-c", READ, str(file))
    say("  reading the lines as JSON alone", f"{floor:.1f} s", f"simulate: {seconds / floor:.1f} x")
    return peak


def main() -> None:
    """Measure and print."""
    many = 100_000 if is_quick(__doc__) else 1_000_000
    heading("simulate")
    with tempfile.TemporaryDirectory() as directory:
        trace = Path(directory) / "trace.jsonl"
        few = measure(trace, many // 10)
        peak = measure(trace, many)
    say("memory for ten times the events", f"{peak / few:.2f} x")


if __name__ == "__main__":
    main()
