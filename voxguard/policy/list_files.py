"""List files: one id a line, or CSV with a header."""

import csv
import re
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic_core import PydanticCustomError

from voxguard.model.ids import MAX_ID
from voxguard.model.problems import Mark
from voxguard.policy import checks
from voxguard.policy.report import Report
from voxguard.policy.scope import did_you_mean
from voxguard.policy.values import id_of, parse_instant, shown
from voxguard.policy.yaml.text import decode

COLUMNS = ("id", "name", "reason", "added", "by", "until")
_MAX_PROBLEMS = 100
_COMMENT = re.compile(rb"#[^\r\n]*")
_TWO_IN_A_LINE = re.compile(rb"[0-9][ \t]+[0-9]")
_NOTHING_ELSE = b"0123456789 \t\r\n"
_ID_HINT = f"An id is 1 to 19 digits, at most {MAX_ID}."


@dataclass(frozen=True, slots=True)
class FileEntries:
    """What a list file says: ids that stay, and ids with the `until` of their row."""

    permanent: Sequence[int]
    expiring: Sequence[tuple[int, datetime, Mark]] = ()


def read_list_file(data: bytes, file: str, report: Report) -> FileEntries:
    """The entries of a list file; of what is wrong the first hundred lines are reported."""
    if file.lower().endswith(".csv"):
        return _read_csv(data, file, report)
    # Most files have nothing but ids and comments, and a million ids are worth a short way.
    fast = _read_ids(data)
    return FileEntries(fast if fast is not None else _read_lines(data, file, report))


def _read_ids(data: bytes) -> "array[int] | None":
    """The ids of a text file that has no mistake; None when it needs a closer look."""
    if not data.isascii():
        return None
    plain = _COMMENT.sub(b"", data) if b"#" in data else data
    if plain.translate(None, _NOTHING_ELSE):
        return None
    if (b" " in plain or b"\t" in plain) and _TWO_IN_A_LINE.search(plain):
        return None
    words = plain.split()
    if words and max(map(len, words)) > 19:
        return None
    try:
        return array("q", map(int, words))
    except OverflowError:
        return None


class _Limited:
    """Reports up to a number of problems of one file."""

    def __init__(self, file: str, report: Report) -> None:
        self._file = file
        self._report = report
        self._count = 0

    def error(self, line: int, message: str, hint: str | None = None, column: int = 1) -> None:
        """Note what is wrong with a line."""
        self._count += 1
        if self._count <= _MAX_PROBLEMS:
            mark = Mark(self._file, line, column)
            self._report.error(checks.LIST_FILE, mark, message, hint)

    def finish(self) -> None:
        """Say how many were left out."""
        if self._count > _MAX_PROBLEMS:
            left = self._count - _MAX_PROBLEMS
            self._report.error(
                checks.LIST_FILE, Mark(self._file), f"{left:,} more lines are wrong."
            )


def _read_lines(data: bytes, file: str, report: Report) -> list[int]:
    text = decode(data, file, report)
    ids: list[int] = []
    limited = _Limited(file, report)
    lines = (text or "").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for number, line in enumerate(lines, 1):
        word = line.partition("#")[0].strip()
        if not word:
            continue
        user_id = id_of(word)
        if user_id is None:
            column = len(line) - len(line.lstrip()) + 1
            limited.error(number, f"{shown(word)} is not a Discord id.", _ID_HINT, column)
        else:
            ids.append(user_id)
    limited.finish()
    return ids


def _read_csv(data: bytes, file: str, report: Report) -> FileEntries:
    text = decode(data, file, report)
    if text is None:
        return FileEntries(())
    limited = _Limited(file, report)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    rows = csv.reader((f"{line}\n" for line in lines), strict=True)
    permanent: list[int] = []
    expiring: list[tuple[int, datetime, Mark]] = []
    line = 1
    try:
        read = _row_reader(next(rows, []), limited)
        line = rows.line_num + 1
        for row in rows:
            entry = read(row, line) if row else None
            if entry is not None and entry[1] is None:
                permanent.append(entry[0])
            elif entry is not None and entry[1] is not None:
                expiring.append((entry[0], entry[1], Mark(file, line)))
            line = rows.line_num + 1
    except csv.Error as error:
        limited.error(line, f"This is not CSV: {error}.")
    limited.finish()
    return FileEntries(permanent, expiring)


_Row = tuple[int, datetime | None]


def _row_reader(header: list[str], limited: _Limited) -> Callable[[list[str], int], _Row | None]:
    """What reads a row below this header; rows below a wrong one are not looked at."""
    columns = [column.strip() for column in header]
    fine = _check_header(columns, limited)

    def read(row: list[str], line: int) -> _Row | None:
        if not fine:
            return None
        if len(row) > len(columns):
            limited.error(line, f"This row has {len(row)} fields, the header {len(columns)}.")
            return None
        fields = dict(zip(columns, map(str.strip, row), strict=False))
        user_id = id_of(fields.get("id", ""))
        if user_id is None:
            message = f"{shown(fields.get('id', ''))} is not a Discord id."
            limited.error(line, message, _ID_HINT)
            return None
        _instant(fields.get("added"), line, limited)
        return user_id, _instant(fields.get("until"), line, limited)

    return read


def _check_header(columns: list[str], limited: _Limited) -> bool:
    fine = True
    for column in columns:
        if column not in COLUMNS:
            limited.error(
                1,
                f"There is no column {shown(column)}.",
                did_you_mean(column, COLUMNS) or f"The columns are {', '.join(COLUMNS)}.",
            )
            fine = False
        elif columns.count(column) > 1:
            limited.error(1, f"The column {shown(column)} is there twice.")
            fine = False
    if fine and "id" not in columns:
        limited.error(1, "The header has no column 'id'.")
    return fine and "id" in columns


def _instant(text: str | None, line: int, limited: _Limited) -> datetime | None:
    if not text:
        return None
    try:
        return parse_instant(text)
    except PydanticCustomError as error:
        context = error.context or {}
        limited.error(line, error.message(), context.get("hint"))
        return None
