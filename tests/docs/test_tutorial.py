"""The tutorial's commands do what the tutorial says, as far as they end by themselves."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from tests.docs.pages import DOCS, ROOT, Block, blocks

TUTORIAL: Final = blocks(DOCS / "tutorial.md")

# The program under test, whatever is installed.
_PROGRAM: Final = f'voxguard() {{ "{sys.executable}" -m voxguard "$@"; }}\n'


def _commands(block: Block) -> list[tuple[str, str]]:
    """Each command of a console block with the output that is shown below it."""
    parts = re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]
    return [(command, shown) for command, _, shown in (part.partition("\n") for part in parts)]


def _pattern(shown: str) -> re.Pattern[str]:
    """What the output must be; a line of `…` is any number of lines, another `…` any text."""
    lines = (
        r"(?:.*\n)*" if line == "…" else re.escape(line).replace("…", ".*") + r"\n"
        for line in shown.splitlines()
    )
    return re.compile("".join(lines))


def _run(command: str, directory: Path) -> str:
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


def test_the_tutorial_can_be_followed(tmp_path: Path) -> None:
    """Files and commands of the tutorial, one after the other, give what it shows."""
    shutil.copytree(ROOT / "policies", tmp_path / "policies")
    followed = 0
    for block in TUTORIAL:
        if block.language in {"yaml", "json"} and len(block.words) > 1:
            (tmp_path / block.words[1]).write_text(block.text)
        elif block.words == ("console", "run"):
            for command, shown in _commands(block):
                output = _run(command, tmp_path)
                assert _pattern(shown).fullmatch(output), f"{block}: {command}\n{output}"
                followed += 1
    assert followed > 5


def test_the_error_that_the_tutorial_shows_is_the_one_that_comes(tmp_path: Path) -> None:
    """What the tutorial breaks is shown with the right place and words."""
    shutil.copytree(ROOT / "policies", tmp_path / "my-policies")
    [rule] = [
        block
        for block in TUTORIAL
        if block.words[1:2] == ("my-policies/example-guild/rules/music.yaml",)
    ]
    (tmp_path / rule.words[1]).write_text(rule.text.replace("mute: true", "mute: yes"))
    shown = [
        output
        for block in TUTORIAL
        if block.language == "console"
        for command, output in _commands(block)
        if command == "voxguard lint my-policies" and "error" in output
    ]
    assert [_run("voxguard lint my-policies", tmp_path)] == shown
