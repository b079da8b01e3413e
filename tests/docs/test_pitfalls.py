"""Every pitfall names the tests that would notice, and those are there."""

import ast
import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
PAGE = (TESTS.parent / "docs" / "pitfalls.md").read_text("utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in PAGE.splitlines()
    if line.startswith("| ") and not line.startswith("| pitfall")
]
NAMED = re.compile(r"`([a-z_/]+\.py)::([a-z_0-9]+)`")


def _functions(file: str) -> set[str]:
    tree = ast.parse((TESTS / file).read_text("utf-8"))
    return {
        node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def test_every_pitfall_has_a_test() -> None:
    """A row says what goes wrong, what is done about it, and which tests show it."""
    assert len(ROWS) >= 25
    for pitfall, here, tests in ROWS:
        assert pitfall
        assert here
        assert NAMED.findall(tests), pitfall


def test_the_tests_are_there() -> None:
    """None was renamed or taken out without a look at the page."""
    named = NAMED.findall(PAGE)
    assert [each for each in named if each[1] not in _functions(each[0])] == []
