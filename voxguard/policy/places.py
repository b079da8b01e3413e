"""Where things stand: positions of every key, value and item of a file, and the way to them."""

from collections.abc import Iterable

from voxguard.model.problems import Mark

COLUMN_BITS = 32
_COLUMN_MASK = (1 << COLUMN_BITS) - 1


def pack(line: int, column: int) -> int:
    """One number for a position, which is what a million marks are kept as."""
    return line << COLUMN_BITS | column


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


class Place:
    """A value in a file: its marks, the key that leads to it, and its JSON pointer.

    Ways that the document does not have lead nowhere: in `where: lobby`, which is short
    for `where: {channels: {any: [lobby]}}`, `channels`, `any` and 0 all stay at `lobby`.
    """

    __slots__ = ("_parent", "_part", "file", "key_at", "marks")

    def __init__(
        self,
        file: str,
        marks: Marks = 0,
        key_at: int = 0,
        parent: "Place | None" = None,
        part: str | int = "",
    ) -> None:
        self.file = file
        self.marks = marks
        self.key_at = key_at
        self._parent = parent
        self._part = part

    def child(self, part: str | int) -> "Place":
        """The value under a key or at an index; this place where there is none."""
        marks = self.marks
        if isinstance(marks, MapMarks):
            if isinstance(part, str) and part in marks.values:
                return Place(self.file, marks.values[part], marks.keys[part], self, part)
        elif (
            isinstance(marks, ListMarks) and isinstance(part, int) and 0 <= part < len(marks.items)
        ):
            return Place(self.file, marks.items[part], 0, self, part)
        return self

    def follow(self, parts: Iterable[str | int]) -> "Place":
        """The value at the end of a way."""
        place = self
        for part in parts:
            place = place.child(part)
        return place

    @property
    def pointer(self) -> str:
        """The way to the value from the top of its file (RFC 6901)."""
        if self._parent is None:
            return ""
        part = str(self._part).replace("~", "~0").replace("/", "~1")
        return f"{self._parent.pointer}/{part}"

    @property
    def at_key(self) -> "Place":
        """The same value, marked where its key stands."""
        return Place(self.file, self.key_at or self.marks, 0, self._parent, self._part)

    @property
    def mark(self) -> Mark:
        """Where the value stands."""
        marks = self.marks
        return self._mark(marks if isinstance(marks, int) else marks.at)

    @property
    def key_mark(self) -> Mark:
        """Where the key of the value stands; the value itself for an item of a list."""
        return self._mark(self.key_at) if self.key_at else self.mark

    def _mark(self, at: int) -> Mark:
        return Mark(self.file, at >> COLUMN_BITS or None, at & _COLUMN_MASK or None)
