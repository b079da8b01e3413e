"""Commands of the documentation, run as whoever copies them would, and what they print."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

from tests.docs.pages import ROOT, Block

# The program under test, whatever is installed.
_PROGRAM: Final = f'voxguard() {{ "{sys.executable}" -m voxguard "$@"; }}\n'


def commands(block: Block) -> list[tuple[str, str]]:
    """Each command of a console block with the output that is shown below it."""
    parts = re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]
    return [(command, shown) for command, _, shown in (part.partition("\n") for part in parts)]


def pattern(shown: str) -> re.Pattern[str]:
    """What the output must be; a line of `…` is any number of lines, another `…` any text."""
    lines = (
        r"(?:.*\n)*" if line == "…" else re.escape(line).replace("…", ".*") + r"\n"
        for line in shown.splitlines()
    )
    return re.compile("".join(lines))


def run(command: str, directory: Path) -> str:
    """All that a command prints, in a directory."""
    # Width and colours are those of a pipe; settings of whoever runs this must not count.
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    done = subprocess.run(
        ["bash", "-c", _PROGRAM + command],
        cwd=directory,
        env={**kept, "PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.stdout + done.stderr
