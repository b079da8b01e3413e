import re
from typing import Final

import pytest

from tests.unit.lint.examples import examples_of
from voxguard.lint.loading import PAGES
from voxguard.lint.loading.page import LoadingPage
from voxguard.policy import checks

# What no example can show: links, bytes that are no text, a file of many megabytes, and what
# will be carried out one day.
UNSHOWN: Final = {checks.UNREADABLE, checks.TOO_LARGE, checks.ENCODING, checks.NOT_SUPPORTED}
SHOWN: Final = [page for page in PAGES if page.check not in UNSHOWN]


def test_every_check_of_loading_has_a_page() -> None:
    """Whoever meets an id can read why it matters."""
    assert sorted(page.check for page in PAGES) == sorted(checks.ALL)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_docstring_says_what_the_check_is(page: LoadingPage) -> None:
    """Its first line has id, name and level; then it says why."""
    first, _, rest = page.about.partition("\n")
    assert re.match(rf"{page.id} {page.name} \({page.level.value}\): .+\.$", first)
    assert "\nWhy: " in rest


@pytest.mark.parametrize("page", SHOWN, ids=lambda page: page.name)
def test_what_is_called_bad_is_found(page: LoadingPage) -> None:
    """Exactly this check fires, with its level, exactly at the marked lines."""
    examples = examples_of(page.about)
    (example,) = examples.bad
    found = examples.found(example)
    assert {(problem.check, problem.level) for problem in found} == {(page.id, page.level)}
    assert example.refused in ("", page.id)
    lines = [(each.mark.file, each.mark.line) for each in found if each.mark.line]
    assert lines == example.marked


@pytest.mark.parametrize("page", SHOWN, ids=lambda page: page.name)
def test_what_is_called_good_is_clean(page: LoadingPage) -> None:
    """The way out of one problem is not the way into another."""
    examples = examples_of(page.about)
    (example,) = examples.good
    assert examples.found(example) == ()
