"""The comments of a YAML file, told from `#` inside of texts by where the values stand."""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from yaml._yaml import CParser
from yaml.events import ScalarEvent, StreamEndEvent

Position = tuple[int, int]
"""A line and a column."""

_MARK = re.compile(r"(?:^|(?<=[ \t]))#")


class Comment(NamedTuple):
    """A comment from its `#` to the end of its line; line and column count from 1."""

    line: int
    column: int
    text: str


def comments(text: str) -> Iterator[Comment]:
    """Every comment of a text that has been read as YAML, in order."""
    inside = _values_with_marks(text)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for number, line in enumerate(lines):
        for found in _MARK.finditer(line):
            at = number, found.start()
            if not any(start <= at < end for start, end in inside.get(number, ())):
                yield Comment(number + 1, found.start() + 1, line[found.start() :].rstrip())
                break


def _values_with_marks(text: str) -> dict[int, list[tuple[Position, Position]]]:
    """From where to where values with a `#` in them stand, by each of their lines."""
    found: dict[int, list[tuple[Position, Position]]] = defaultdict(list)
    next_event = CParser(text).get_event
    while type(event := next_event()) is not StreamEndEvent:
        if type(event) is not ScalarEvent or "#" not in event.value:
            continue
        start, end = event.start_mark, event.end_mark
        # Behind the `|` that begins a text of several lines a comment may stand.
        begins = (start.line + 1, 0) if event.style in ("|", ">") else (start.line, start.column)
        for line in range(begins[0], end.line + 1):
            found[line].append((begins, (end.line, end.column)))
    return found
