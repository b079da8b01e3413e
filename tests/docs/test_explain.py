"""The page on explanations: what it shows is what comes, and its options are complete."""

import re
import shutil
from pathlib import Path
from typing import Final

from typer.main import get_command

from tests.docs.console import commands, pattern, run
from tests.docs.pages import DOCS, ROOT, blocks, prose
from voxguard.cli.commands.explain import app

PAGE: Final = DOCS / "explain.md"


def test_the_example_prints_what_is_shown(tmp_path: Path) -> None:
    """Whoever asks the same of the samples reads the same."""
    shutil.copytree(ROOT / "policies", tmp_path / "policies")
    shown = [
        each
        for block in blocks(PAGE)
        if block.words == ("console", "run")
        for each in commands(block)
    ]
    assert shown
    for command, output in shown:
        printed = run(command, tmp_path)
        assert pattern(output).fullmatch(printed), printed


def test_every_option_that_says_a_fact_is_explained() -> None:
    """What can be said of the member and the channel is on the page."""
    options = {option for each in get_command(app).params for option in each.opts}
    facts = {each for each in options if each.startswith("--")} - {"--format", "--help"}
    text = prose(PAGE) + "".join(block.text for block in blocks(PAGE))
    assert {each for each in facts if not re.search(rf"{each}\b", text)} == set()
