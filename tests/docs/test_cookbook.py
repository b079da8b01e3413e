"""The recipes of the cookbook do what the page says, and between them use the whole language."""

from datetime import UTC, datetime

import pytest

from tests.docs.cookbook import RECIPES, Recipe
from tests.docs.pages import DOCS
from voxguard.lint.report import lint
from voxguard.policy.cases.load import load_cases
from voxguard.policy.load import load_sources
from voxguard.scenario.cases.report import failure_lines
from voxguard.scenario.cases.run import Player
from voxguard.scenario.cases.wording import Wording


@pytest.mark.parametrize("recipe", RECIPES, ids=str)
def test_a_recipe_passes_its_test(recipe: Recipe) -> None:
    """What stands below the rules is what they do, and no rule is left out of it."""
    policy_set = load_sources(recipe.sources).policy_set
    assert policy_set is not None
    cases = load_cases(policy_set, recipe.tests)
    assert [str(problem) for problem in cases.problems] == []
    player = Player(policy_set)
    failures = [
        "".join(text for text, _ in line)
        for result in player.play(cases.cases)
        for failure in result.failures
        for line in failure_lines(failure, Wording(result.case))
    ]
    assert failures == []
    assert [rule.name for rule in player.coverage().never] == []


@pytest.mark.parametrize("recipe", RECIPES, ids=str)
def test_a_recipe_lints_without_a_word(recipe: Recipe) -> None:
    """Whoever copies a recipe has neither errors nor warnings."""
    problems = lint(recipe.sources, datetime(2026, 11, 20, tzinfo=UTC)).problems
    assert [str(problem) for problem in problems] == []


def test_every_section_is_a_recipe() -> None:
    """A recipe whose fences are misspelt is not left out without a word."""
    assert (DOCS / "cookbook.md").read_text().count("\n## ") == len(RECIPES)
