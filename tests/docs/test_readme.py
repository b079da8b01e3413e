"""The README says what is so."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Final

from tests.docs.pages import ROOT, blocks, prose
from voxguard.cli.commands import COMMANDS
from voxguard.policy.files import Sources
from voxguard.policy.load import load_sources

README: Final = ROOT / "README.md"
GUILD: Final = b"""
version: 1
guild:
  id: "1"
  channels: {lobby: "2", afk: "3"}
  roles: {staff: "4"}
"""


def _commands() -> list[str]:
    return [block.text.strip() for block in blocks(README) if not block.language]


def test_each_command_is_in_the_table_with_its_line() -> None:
    """The table of the README is the list of the program, so that neither is forgotten."""
    rows = re.findall(r"^\| `(\S+)` \| (.+) \|$", README.read_text(), flags=re.MULTILINE)
    assert rows == list(COMMANDS.items())


def test_there_are_two_commands_to_copy() -> None:
    """One sets up and runs, the other sets up and tests; nothing else is to be typed."""
    run, test = _commands()
    assert run == (
        "python3 -m venv .venv && .venv/bin/pip install -q -e '.[embedded]'"
        " && .venv/bin/voxguard demo"
    )
    assert test == (
        "python3 -m venv .venv && .venv/bin/pip install -q -e '.[dev]' && .venv/bin/python -m tests"
    )


def test_the_example_of_a_rule_loads() -> None:
    """Whoever copies the example into a policy set has a set that loads."""
    (example,) = (block.text for block in blocks(README) if block.language == "yaml")
    sources = Sources(policies={"guild.yaml": GUILD, "rules.yaml": example.encode()})
    loaded = load_sources(sources)
    assert loaded.problems == ()
    assert loaded.policy_set is not None


def test_links_lead_to_files() -> None:
    """No link of the README is dead, as far as it stays in the repository."""
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", prose(README)) if "://" not in link]
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_picture_is_small_and_whole() -> None:
    """The picture is drawn from a real run, and asks no other server for anything."""
    picture: Path = ROOT / "docs" / "images" / "demo.svg"
    text = picture.read_text("utf-8")
    assert len(text) < 150_000
    assert ET.fromstring(text).tag.endswith("svg")  # noqa: S314 - our own file
    assert "url(http" not in text.replace('"', "")
    shown = text.replace("&#160;", " ")
    for word in ("mallory", "blocked-stay-out", "applied", "refused: rules.yaml:7:12"):
        assert word in shown
