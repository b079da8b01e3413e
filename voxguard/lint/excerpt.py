"""The part of a line that is worth showing, and a caret under what is wrong in it."""

from collections.abc import Iterable
from unicodedata import category, east_asian_width

USUAL = 120
"""Columns of an excerpt where no screen sets a limit."""

_LEAST = 20
_CUT = "…"

_Cell = tuple[str, int]
"""How a character is shown, and how many columns that takes."""


def excerpt(line: str, column: int, most: int = USUAL) -> tuple[str, str]:
    """So many columns of a line, with the caret for a column that counts from 1.

    What no terminal shows stands there as its escape, a tab as a blank.
    """
    most = max(most, _LEAST)
    at = min(column - 1, len(line))
    # A line may have millions of characters: no more are looked at than could be shown.
    before = [_cell(each) for each in line[max(0, at - most) : at]]
    after = [_cell(each) for each in line[at : at + most]]
    if at > most or _width(before) + _width(after) > most:
        room = max(most // 2, most - _width(after))
        before = _fitting(before[::-1], room, at > most)[::-1]
    after = _fitting(after, most - _width(before), at + most < len(line))
    shown = "".join(text for text, _ in (*before, *after))
    return shown.rstrip(), f"{' ' * _width(before)}^"


def _fitting(cells: list[_Cell], most: int, goes_on: bool) -> list[_Cell]:  # noqa: FBT001 - of two
    """As many of the cells as fit, with a sign at the end where that is not all."""
    if not goes_on and _width(cells) <= most:
        return cells
    kept: list[_Cell] = []
    left = most - len(_CUT)
    for text, width in cells:
        left -= width
        if left < 0:
            break
        kept.append((text, width))
    return [*kept, (_CUT, 1)]


def _width(cells: Iterable[_Cell]) -> int:
    return sum(width for _, width in cells)


def _cell(character: str) -> _Cell:
    if character == "\t":
        return " ", 1
    if not character.isprintable():
        escaped = character.encode("unicode_escape").decode()
        return escaped, len(escaped)
    if category(character) in ("Mn", "Me"):
        return character, 0
    return character, 2 if east_asian_width(character) in "WF" else 1
