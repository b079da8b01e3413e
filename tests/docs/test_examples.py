"""Every example that is shown, on pages and in docstrings, is one that works."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from tests.docs.docstrings import docstring_blocks
from tests.docs.pages import ALL_BLOCKS, DOCS, ROOT, Block, blocks
from tests.docs.policy_sets import guild_of, sources_of
from tests.docs.small_world import try_rules
from voxguard.lint.report import lint
from voxguard.model.problems import Level
from voxguard.policy.cases.load import load_cases
from voxguard.policy.files import Sources
from voxguard.policy.load import load_sources
from voxguard.policy.resolved import RuleMode
from voxguard.sandbox.files.scenario_file import read_scenario
from voxguard.sandbox.files.world_file import read_world
from voxguard.scenario.cases.run import Player

NOW: Final = datetime(2026, 11, 20, tzinfo=UTC)


def _has_version(block: Block) -> bool:
    lines = (line for line in block.text.splitlines() if not line.startswith("#"))
    return block.language == "yaml" and next(lines, "") == "version: 1"


EVERY: Final = [*blocks(ROOT / "README.md"), *ALL_BLOCKS, *docstring_blocks()]
FILES: Final = [block for block in EVERY if _has_version(block)]
# The sandbox's own files, and tests, begin in the same way.
WORLDS: Final = [block for block in FILES if block.page.name == "sandbox.md"]
TESTS: Final = [block for block in FILES if "\ntests:" in block.text]
# Tests on the other pages are for the rules above them, and run where those are looked at.
ALONE: Final = {"testing.md", "documents.py"}
CASES: Final = [block for block in TESTS if block.page.name in ALONE]
POLICIES: Final = [
    block
    for block in FILES
    if block not in WORLDS
    and block not in TESTS
    # What is one file of several is tested where it comes from.
    and not any("." in word for word in block.words)
]
LOADED: Final = [block for block in POLICIES if "refused" not in block.words]
REFUSED: Final = [block for block in POLICIES if "refused" in block.words]

# The checks are shown at work on rules that are wrong, and that is what the rules are.
WRONG: Final = {"checks.md"}
FEW: Final = 50
RIGHT: Final = [block for block in LOADED if block.page.name not in WRONG]


@pytest.mark.parametrize("block", LOADED, ids=str)
def test_a_policy_that_is_shown_loads(block: Block) -> None:
    """Whoever copies an example has a file that loads; what it replaces is all that is said."""
    problems = load_sources(sources_of(block.text)).problems
    assert [str(each) for each in problems if each.check != "VG103"] == []


@pytest.mark.parametrize("block", RIGHT, ids=str)
def test_a_policy_that_is_shown_lints_without_errors(block: Block) -> None:
    """No example is a rule that a check calls an error."""
    errors = [
        str(problem)
        for problem in lint(sources_of(block.text), NOW).problems
        if problem.level is Level.ERROR
    ]
    assert errors == []


@pytest.mark.parametrize("block", RIGHT, ids=str)
def test_a_policy_that_is_shown_is_decided(block: Block) -> None:
    """Every rule of an example holds for somebody, and decides what it is there to decide."""
    guild = guild_of(sources_of(block.text))
    rules = [rule for rule in guild.rules if rule.mode is not RuleMode.OFF]
    tried = try_rules(guild)
    assert {rule.name for rule in rules} - tried.held == set()
    assert {rule.name for rule in rules if rule.wants} - tried.decided == set()


@pytest.mark.parametrize("block", [each for each in LOADED if each not in RIGHT], ids=str)
def test_a_policy_that_a_check_is_shown_on_can_be_decided(block: Block) -> None:
    """Rules that are wrong do no harm to the engine; they need not hold for anybody."""
    guild = guild_of(sources_of(block.text))
    assert try_rules(guild, FEW).held <= {rule.name for rule in guild.rules}


@pytest.mark.parametrize("block", REFUSED, ids=str)
def test_what_the_documentation_calls_refused_is_refused(block: Block) -> None:
    """An example of what is not accepted names the check that refuses it."""
    problems = load_sources(sources_of(block.text)).problems
    errors = {each.check for each in problems if each.level is Level.ERROR}
    assert errors == set(block.words[2:])


@pytest.mark.parametrize("block", CASES, ids=str)
def test_a_test_of_policies_that_is_shown_loads(block: Block) -> None:
    """Tests that stand beside no rules of their own are for those of the page on tests."""
    [rules] = [
        each.text
        for each in blocks(DOCS / "testing.md")
        if each.words == ("yaml", "policies/guild.yaml")
    ]
    policy_set = load_sources(Sources({"guild.yaml": rules.encode()})).policy_set
    assert policy_set is not None
    cases = load_cases(policy_set, Sources({"example.test.yaml": block.text.encode()}))
    assert cases.problems == ()
    assert cases.cases
    assert list(Player(policy_set).play(cases.cases))


@pytest.mark.parametrize("block", WORLDS, ids=str)
def test_a_file_for_the_sandbox_that_is_shown_is_one(block: Block, tmp_path: Path) -> None:
    """Worlds and scenarios that are shown can be played."""
    file = tmp_path / "example.yaml"
    file.write_text(block.text)
    if "\nsteps:" in block.text:
        read_scenario(file)
    else:
        read_world(file)


def test_there_are_examples_of_every_sort() -> None:
    """A change of the fences does not make the tests above look at nothing."""
    assert len(LOADED) > 50
    assert len(REFUSED) > 8
    assert sum("conditions" in str(block.page) for block in LOADED) > 10
    assert sum("effects" in str(block.page) for block in LOADED) > 10
    assert WORLDS
    assert CASES
