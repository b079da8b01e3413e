"""The example in the docstring of each condition is one that loads."""

import inspect
from pathlib import Path

import pytest

from tests.docs.pages import Block, blocks
from tests.docs.test_examples import load_example
from voxguard.policy.conditions.blocks import LEAVES
from voxguard.policy.conditions.leaf import Leaf


def _examples(leaf: Leaf) -> list[Block]:
    return blocks(Path(inspect.getfile(leaf.condition)))


@pytest.mark.parametrize("leaf", LEAVES, ids=lambda leaf: leaf.condition.path)
def test_a_condition_shows_an_example_that_loads(leaf: Leaf, tmp_path: Path) -> None:
    """Its documentation has one example at least, which uses its key and has no mistake."""
    (example,) = _examples(leaf)
    loaded = load_example(example, tmp_path)
    assert loaded.policy_set is not None, loaded.problems
    (guild,) = loaded.policy_set.guilds.values()
    paths = {condition.path for rule in guild.rules for condition in rule.conditions}
    assert leaf.condition.path in paths
