"""From where to where unquoted scalars stand in a text, for who wants to change them in place."""

from collections.abc import Collection, Iterator
from typing import NamedTuple

from yaml._yaml import CParser
from yaml.events import ScalarEvent, StreamEndEvent

from voxguard.policy.yaml.comments import Position


class Span(NamedTuple):
    """The characters `start` up to `end` of a text, counted from 0, and what they say."""

    start: int
    end: int
    text: str


def plain_spans(text: str, positions: Collection[Position]) -> Iterator[Span]:
    """The unquoted scalars of one line at these positions, in order.

    A position is a line and a column, counted from 1, as marks have them: that of a value
    with an anchor is where the anchor stands. The text has been read as YAML, and is
    without its byte order mark.
    """
    next_event = CParser(text).get_event
    while type(event := next_event()) is not StreamEndEvent:
        if type(event) is not ScalarEvent or event.style:
            continue
        mark = event.start_mark
        if (mark.line + 1, mark.column + 1) in positions:
            # Behind an anchor the value may stand anywhere, but it ends where the event does.
            end = event.end_mark.index
            span = Span(end - len(event.value), end, event.value)
            if text[span.start : end] == span.text:
                yield span
