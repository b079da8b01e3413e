"""Every policy, world and scenario that the documentation shows is one that loads."""

from pathlib import Path
from typing import Final

import pytest

from tests.docs.pages import ALL_BLOCKS, Block
from voxguard.model.problems import Level
from voxguard.policy.load import Loaded, load
from voxguard.sandbox.files.scenario_file import read_scenario
from voxguard.sandbox.files.world_file import read_world

GUILD: Final = """\
version: 1
guild:
  id: "110373943822540800"
  channels:
    lobby: "110373943822540801"
    afk: "110373943822540802"
    music: "110373943822540803"
    vip: "110373943822540804"
  roles: {staff: "110373943822540811", dj: "110373943822540812", member: "110373943822540813"}
"""

# Shared, so that an example may define any of them itself.
SHARED: Final = """\
version: 1
lists:
  blocked: {entries: "80351110224678912"}
  members: {}
  night-shift: {}
  raiders: {}
schedules:
  quiet-hours: {windows: [{start: "0 22 * * *", end: "0 8 * * *"}]}
  weekend: {windows: [{start: "0 0 * * SAT", for: 48h}]}
"""


def _has_version(block: Block) -> bool:
    lines = (line for line in block.text.splitlines() if not line.startswith("#"))
    return block.language == "yaml" and next(lines, "") == "version: 1"


FILES: Final = [block for block in ALL_BLOCKS if _has_version(block)]
# The sandbox's own files, and tests, begin in the same way.
OTHERS: Final = {"sandbox.md", "testing.md"}
POLICIES: Final = [
    block
    for block in FILES
    if block.page.name not in OTHERS
    and "test" not in block.words
    # What is one file of several is tested where it comes from.
    and not any("." in word for word in block.words)
]
LOADED: Final = [block for block in POLICIES if "refused" not in block.words]
REFUSED: Final = [block for block in POLICIES if "refused" in block.words]
WORLDS: Final = [block for block in FILES if block.page.name == "sandbox.md"]


def _load(block: Block, directory: Path) -> Loaded:
    scope = directory / "guild"
    scope.mkdir()
    (directory / "shared.yaml").write_text(SHARED)
    (scope / "blocked.csv").write_text("id\n80351110224678912\n")
    (scope / "blocked.txt").write_text("80351110224678912\n")
    is_guild = "\nguild:" in block.text
    (scope / "guild.yaml").write_text(block.text if is_guild else GUILD)
    if not is_guild:
        (scope / "example.yaml").write_text(block.text)
    return load(directory)


@pytest.mark.parametrize("block", LOADED, ids=str)
def test_a_policy_in_the_documentation_loads(block: Block, tmp_path: Path) -> None:
    """Whoever copies an example has a file that loads."""
    loaded = _load(block, tmp_path)
    errors = [str(problem) for problem in loaded.problems if problem.level is Level.ERROR]
    assert errors == []


@pytest.mark.parametrize("block", REFUSED, ids=str)
def test_what_the_documentation_calls_refused_is_refused(block: Block, tmp_path: Path) -> None:
    """An example of what is not accepted names the check that refuses it."""
    errors = {each.check for each in _load(block, tmp_path).problems if each.level is Level.ERROR}
    assert errors == set(block.words[2:])


@pytest.mark.parametrize("block", WORLDS, ids=str)
def test_a_file_for_the_sandbox_in_the_documentation_is_one(block: Block, tmp_path: Path) -> None:
    """Worlds and scenarios that are shown can be played."""
    file = tmp_path / "example.yaml"
    file.write_text(block.text)
    if "\nsteps:" in block.text:
        read_scenario(file)
    else:
        read_world(file)


def test_there_are_examples_of_every_sort() -> None:
    """A change of the fences does not make the tests above look at nothing."""
    assert len(LOADED) > 10
    assert len(REFUSED) > 5
    assert WORLDS
