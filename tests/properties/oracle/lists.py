"""Entries of lists, in documents and in files of their own."""

import csv as csv_files
import io
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from tests.properties.oracle.clock import written


@dataclass(frozen=True)
class Entry:
    """An id in a list, and the instant from which it is out of it."""

    id: int
    until: int | None

    @classmethod
    def of(cls, entry: Any, zone: ZoneInfo) -> "Entry":  # noqa: ANN401 - as a document has it
        """An entry as it is written."""
        if not isinstance(entry, dict):
            return cls(int(entry), None)
        until = entry.get("until")
        return cls(int(entry["id"]), written(until, zone) if until else None)


def read_list(text: str, *, csv: bool) -> list[object]:
    """The entries of a list file, as a document would have them."""
    if csv:
        return list(csv_files.DictReader(io.StringIO(text)))
    lines = [line.partition("#")[0].strip() for line in text.splitlines()]
    return [line for line in lines if line]
