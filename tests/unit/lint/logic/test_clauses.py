from voxguard.lint.logic.clauses import _CLAUSES
from voxguard.policy.conditions.blocks import LEAVES


def test_every_condition_is_taken_apart() -> None:
    """A condition that is new to the language is a line here, or of the measures."""
    assert set(_CLAUSES) == {leaf.condition for leaf in LEAVES}
