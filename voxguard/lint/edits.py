"""Changes to the text of a file that leave everything round them as it was."""

import re
from collections.abc import Iterable
from typing import NamedTuple


class Edit(NamedTuple):
    """The characters `start` up to `end` of a text, counted from 0, and what replaces them."""

    start: int
    end: int
    text: str


_BREAK = re.compile(r"\r\n?|\n")


def edited(text: str, edits: Iterable[Edit]) -> str:
    """The text with all edits made; they do not overlap."""
    pieces = []
    done = 0
    for edit in sorted(edits):
        pieces += [text[done : edit.start], edit.text]
        done = edit.end
    return "".join([*pieces, text[done:]])


def lines_of(text: str, edits: Iterable[Edit]) -> tuple[int, ...]:
    """The lines in which edits begin, counted from 1, each once."""
    lines = []
    at, line = 0, 1
    for edit in sorted(edits):
        line += sum(1 for _ in _BREAK.finditer(text, at, edit.start))
        at = edit.start
        lines.append(line)
    return tuple(dict.fromkeys(lines))
