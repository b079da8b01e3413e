"""The whole test of the project: `python -m tests`.

Each step prints its name and how long it took, and the first one that fails ends the run.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.gate import shares, wheel

ROOT = Path(__file__).parent.parent


class StepFailedError(Exception):
    """A step's way of saying no."""


def _tool(name: str, *arguments: str) -> None:
    command = [str(Path(sys.executable).parent / name), *arguments]
    done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, check=False)
    if done.returncode:
        message = f"{name} ended with {done.returncode}"
        raise StepFailedError(message)


def _pytest(work: Path) -> str:
    """Run the tests with coverage, in two processes, and give pytest's closing line.

    Two whatever the machine has: every process starts a PostgreSQL of its own, and a run has to
    go the same way twice.
    """
    command = (
        sys.executable,
        "-m",
        "pytest",
        "--numprocesses=2",
        "--dist=loadscope",
        "--durations=5",
        "--cov",
        f"--cov-report=json:{work / 'coverage.json'}",
        "--cov-report=term",
    )
    closing = ""
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=os.environ | {"COVERAGE_FILE": str(work / "coverage")},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            closing = line.strip() or closing
    if process.returncode:
        message = f"pytest ended with {process.returncode}"
        raise StepFailedError(message)
    return closing


def _coverage(work: Path) -> None:
    problems = shares.shortfalls(work / "coverage.json", ROOT / "pyproject.toml")
    if problems:
        raise StepFailedError("; ".join(problems))


def _wheel(work: Path) -> None:
    built = wheel.build(ROOT, work / "dist")
    missing = wheel.missing(built)
    if missing:
        message = f"{built.name} lacks {', '.join(missing)}"
        raise StepFailedError(message)
    try:
        wheel.smoke(built, work)
    except subprocess.CalledProcessError as error:
        raise StepFailedError(str(error)) from None


def _step(name: str, action: Callable[[], object]) -> None:
    print(f"--- {name}", flush=True)
    started = time.monotonic()
    action()
    print(f"--- {name}: {time.monotonic() - started:.1f} s", flush=True)


def main() -> int:
    """Run every step; 0 when all of them passed."""
    closing: list[str] = []
    with tempfile.TemporaryDirectory(prefix="voxguard-tests-") as directory:
        work = Path(directory)
        try:
            _step("format", lambda: _tool("ruff", "format", "--check", "."))
            _step("lint", lambda: _tool("ruff", "check", "."))
            _step("types", lambda: _tool("mypy"))
            _step("imports", lambda: _tool("lint-imports"))
            _step("tests", lambda: closing.append(_pytest(work)))
            _step("coverage", lambda: _coverage(work))
            _step("wheel", lambda: _wheel(work))
        except StepFailedError as failure:
            print(f"FAILED: {failure}", flush=True)
            return 1
    print("All steps passed. pytest said:", *closing, sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
