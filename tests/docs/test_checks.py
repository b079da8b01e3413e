"""The page of checks is made of the checks."""

from tests.docs.pages import DOCS
from voxguard.lint.pages import page


def test_the_page_of_checks_is_fresh() -> None:
    """What the page says is what the docstrings say: `python -m voxguard.lint.pages`."""
    assert (DOCS / "checks.md").read_text() == page()
