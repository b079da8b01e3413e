import io
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from voxguard import __version__
from voxguard.cli.app import main
from voxguard.cli.commands import COMMANDS

ROOT = Path(__file__).parents[3]

# Each of them alone would use up much of the time that --help may take.
HEAVY = ("aiohttp", "asyncio", "asyncpg", "fastapi", "hikari", "pydantic_settings", "structlog")


def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "voxguard", *arguments],
        cwd=ROOT,
        env=os.environ | variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_version_is_printed_alone() -> None:
    """`--version` prints one line on standard output and ends with 0."""
    done = run("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"voxguard {__version__}\n", "")


@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_goes_to_standard_output(flag: str) -> None:
    """Asking for help is not an error."""
    done = run(flag)
    assert done.returncode == 0
    assert done.stdout.startswith("Usage: voxguard ")
    assert done.stderr == ""


def test_help_imports_nothing_heavy() -> None:
    """Listing the commands loads none of the libraries that they run on."""
    code = (
        "import sys; from voxguard.cli.app import main; main(['--help']);"
        f"sys.exit(repr([name for name in {HEAVY!r} if name in sys.modules] or ''))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stderr.strip() == "''"


def test_help_is_quick() -> None:
    """`voxguard --help` answers in under 0.3 s; five times that is allowed on a busy machine."""
    best = float("inf")
    for _ in range(3):
        started = time.monotonic()
        assert run("--help").returncode == 0
        best = min(best, time.monotonic() - started)
    assert best < 5 * 0.3


def test_no_command_is_a_usage_error_that_shows_the_help(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Without a command the help is shown, and the exit code says that one is missing."""
    assert main([]) == 2
    assert "Usage: voxguard" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["frobnicate"], "error: No such command 'frobnicate'."),
        (["--frobnicate"], "error: No such option: --frobnicate"),
    ],
)
def test_a_wrong_word_is_a_usage_error(
    capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    """What the command line does not know ends with 2, a message and a hint on standard error."""
    assert main(arguments) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.splitlines() == [message, "hint: see voxguard --help"]


@pytest.mark.parametrize("arguments", [["--help"], ["lint", "--help"], ["db", "check", "--help"]])
def test_help_on_a_terminal_is_that_of_a_pipe(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    """A screen gets the same text: no frames, and no value where an option takes none."""
    assert main(arguments) == 0
    piped = capsys.readouterr().out
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert main(arguments) == 0
    assert capsys.readouterr().out == piped
    assert "<bool>" not in piped


@pytest.mark.parametrize("arguments", [[], *([name] for name in COMMANDS), ["db", "check"]])
def test_no_word_of_help_is_cut_off(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    """Neither a line of a list nor an explanation of an option ends in an ellipsis."""
    monkeypatch.setenv("COLUMNS", "80")
    assert main([*arguments, "--help"]) == 0
    shown = capsys.readouterr().out
    assert "..." not in shown.replace("[ARGS]...", "")
    assert "…" not in shown


def test_a_reader_that_has_gone_is_no_error() -> None:
    """A closed pipe ends the command quietly, with the code that shells give for SIGPIPE."""
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "voxguard", "--version"],
        cwd=ROOT,
        stdout=write,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(write)
    assert (done.returncode, done.stderr) == (141, "")


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_full_disk_is_reported_without_a_traceback(unbuffered: str) -> None:
    """Output that cannot be written ends with a message, not with a traceback."""
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "voxguard", "--help"],
            cwd=ROOT,
            env=os.environ | {"PYTHONUNBUFFERED": unbuffered},
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr == "error: No space left on device\n"


@pytest.mark.parametrize(
    ("closed", "code"), [("--version >&-", 0), ("frobnicate 2>&-", 2), ("simulate - <&-", 2)]
)
def test_closed_streams_are_no_accident(closed: str, code: int) -> None:
    """Whoever is started without a standard stream ends as always, with nobody to read it."""
    done = subprocess.run(
        ["sh", "-c", f'"$0" -m voxguard {closed}', sys.executable],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code
    assert "bug" not in done.stderr


def test_a_terminal_without_unicode_gets_escapes() -> None:
    """Where a character cannot be shown its escape is, and the line goes on."""
    done = run("löschen", PYTHONIOENCODING="ascii")
    assert done.returncode == 2
    assert "'l\\xf6schen'" in done.stderr


def test_output_need_not_be_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command line can be called with standard output replaced by a buffer."""
    buffer = io.StringIO()
    monkeypatch.setattr(sys, "stdout", buffer)
    assert main(["--version"]) == 0
    assert buffer.getvalue() == f"voxguard {__version__}\n"
