"""Where things stand: positions of every key, value and item of a file, and the way to them."""

from collections.abc import Iterable
from dataclasses import dataclass

from voxguard.model.problems import Mark

_COLUMN_BITS = 32
_COLUMN_MASK = (1 << _COLUMN_BITS) - 1


def pack(line: int, column: int) -> int:
    """One number for a position, which is what a million marks are kept as."""
    return line << _COLUMN_BITS | column


class ListMarks:
    """The position of a list and the marks of its items."""

    __slots__ = ("at", "items")

    def __init__(self, at: int, items: "list[Marks]") -> None:
        self.at = at
        self.items = items


class MapMarks:
    """The position of a mapping, of its keys, and the marks of its values."""

    __slots__ = ("at", "keys", "values")

    def __init__(self, at: int, keys: dict[str, int], values: "dict[str, Marks]") -> None:
        self.at = at
        self.keys = keys
        self.values = values


Marks = int | ListMarks | MapMarks
"""The marks of a value; of a scalar just its packed position."""


@dataclass(frozen=True, slots=True)
class Place:
    """A value in a file: its marks, the key that leads to it, and its JSON pointer.

    Ways that the document does not have lead nowhere: in `where: lobby`, which is short
    for `where: {channels: {any: [lobby]}}`, `channels`, `any` and 0 all stay at `lobby`.
    """

    file: str
    marks: Marks = 0
    pointer: str = ""
    key_at: int = 0

    def child(self, part: str | int) -> "Place":
        """The value under a key or at an index; this place where there is none."""
        marks = self.marks
        if isinstance(marks, MapMarks) and isinstance(part, str) and part in marks.values:
            pointer = f"{self.pointer}/{part.replace('~', '~0').replace('/', '~1')}"
            return Place(self.file, marks.values[part], pointer, marks.keys[part])
        if isinstance(marks, ListMarks) and isinstance(part, int) and 0 <= part < len(marks.items):
            return Place(self.file, marks.items[part], f"{self.pointer}/{part}")
        return self

    def follow(self, parts: Iterable[str | int]) -> "Place":
        """The value at the end of a way."""
        place = self
        for part in parts:
            place = place.child(part)
        return place

    @property
    def mark(self) -> Mark:
        """Where the value stands."""
        marks = self.marks
        return self._mark(marks if isinstance(marks, int) else marks.at)

    @property
    def at_key(self) -> "Place":
        """The same value, marked where its key stands."""
        return Place(self.file, self.key_at or self.marks, self.pointer)

    @property
    def key_mark(self) -> Mark:
        """Where the key of the value stands; the value itself for an item of a list."""
        return self._mark(self.key_at) if self.key_at else self.mark

    def _mark(self, at: int) -> Mark:
        return Mark(self.file, at >> _COLUMN_BITS or None, at & _COLUMN_MASK or None)
