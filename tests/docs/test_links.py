"""Links between pages lead somewhere."""

import re
from pathlib import Path
from typing import Final

import pytest

from tests.docs.pages import DOCS, PAGES, prose

_LINK: Final = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING: Final = re.compile(r"^#+ (.+)$", re.MULTILINE)


def _anchor(heading: str) -> str:
    """The anchor that GitHub gives a heading."""
    kept = "".join(each for each in heading.lower() if each.isalnum() or each in " -_")
    return kept.strip().replace(" ", "-")


def _anchors(page: Path) -> set[str]:
    return {_anchor(found) for found in _HEADING.findall(prose(page))}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_link_to_a_file_or_heading_finds_it(page: Path) -> None:
    """No link of a page is dead, as far as it stays in the repository."""
    dead = []
    for link in _LINK.findall(prose(page)):
        if "://" in link:
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        is_page = target.suffix == ".md"
        if not target.exists() or (anchor and (not is_page or anchor not in _anchors(target))):
            dead.append(link)
    assert dead == []


def test_the_index_lists_every_page() -> None:
    """A page that nobody finds is not there."""
    index = (DOCS / "index.md").read_text()
    missing = [page.name for page in PAGES if f"({page.name})" not in index]
    assert missing == ["index.md"]
