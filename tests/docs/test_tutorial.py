"""The tutorial's commands do what the tutorial says, as far as they end by themselves."""

import shutil
from pathlib import Path
from typing import Final

from tests.docs.console import commands, pattern, run
from tests.docs.pages import DOCS, ROOT, blocks

TUTORIAL: Final = blocks(DOCS / "tutorial.md")


def test_the_tutorial_can_be_followed(tmp_path: Path) -> None:
    """Files and commands of the tutorial, one after the other, give what it shows."""
    shutil.copytree(ROOT / "policies", tmp_path / "policies")
    followed = 0
    for block in TUTORIAL:
        if block.language in {"yaml", "json"} and len(block.words) > 1:
            (tmp_path / block.words[1]).write_text(block.text)
        elif block.words == ("console", "run"):
            for command, shown in commands(block):
                output = run(command, tmp_path)
                assert pattern(shown).fullmatch(output), f"{block}: {command}\n{output}"
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
        for command, output in commands(block)
        if command == "voxguard lint my-policies" and "error" in output
    ]
    assert [run("voxguard lint my-policies", tmp_path)] == shown
