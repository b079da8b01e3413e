"""World and scenario files in: a YAML value at a time, every mistake with its position."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from voxguard.errors import UsageError
from voxguard.model.ids import MAX_ID
from voxguard.policy import checks
from voxguard.policy.places import Place
from voxguard.policy.report import Report
from voxguard.policy.yaml import as_written, read_yaml

MAX_BYTES = 16 * 1024 * 1024

_DURATION = re.compile(r"(?:(\d{1,6})d)?(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6}(?:\.\d+)?)s)?")
_UNIT_SECONDS = (86_400, 3_600, 60, 1)


class Node:
    """A value of the file. What it is asked for and is not, it reports; then it gives None."""

    def __init__(self, value: Any, place: Place, report: Report) -> None:  # noqa: ANN401 - YAML
        self.value = value
        self.place = place
        self._report = report

    def fail(self, message: str, *, at_key: bool = False) -> None:
        """Report what is wrong with the value, or with its key."""
        mark = self.place.key_mark if at_key else self.place.mark
        self._report.error(checks.INVALID_VALUE, mark, message)

    def fields(self, known: Iterable[str]) -> dict[str, "Node"]:
        """The entries of a mapping whose keys are known."""
        allowed = list(known)
        entries = self.entries()
        for key in [key for key in entries if key not in allowed]:
            entries.pop(key).fail(
                f"unknown key '{key}'; there are {', '.join(allowed)}", at_key=True
            )
        return entries

    def entries(self) -> dict[str, "Node"]:
        """The entries of a mapping with any keys; none at all where nothing is written."""
        if self.value is None:
            return {}
        if not isinstance(self.value, dict):
            self.fail("a mapping is expected here")
            return {}
        return {
            key: Node(value, self.place.child(key), self._report)
            for key, value in self.value.items()
        }

    def items(self) -> list["Node"]:
        """The items of a list; a value that is no list counts as its only item."""
        if self.value is None:
            return []
        if not isinstance(self.value, list):
            return [self]
        return [
            Node(value, self.place.child(index), self._report)
            for index, value in enumerate(self.value)
        ]

    def text(self) -> str | None:
        """A name or other text; a number counts as it is written."""
        text = as_written(self.value)
        if not text:
            self.fail("a text is expected here")
        return text or None

    def texts(self) -> list[str]:
        """The texts of a list."""
        return [text for item in self.items() if (text := item.text())]

    def flag(self) -> bool | None:
        """True or false."""
        if not isinstance(self.value, bool):
            self.fail("true or false is expected here")
            return None
        return self.value

    def number(self, low: int, high: int) -> int | None:
        """A whole number between these two."""
        if isinstance(self.value, bool) or not isinstance(self.value, int):
            self.fail("a whole number is expected here")
            return None
        if not low <= self.value <= high:
            self.fail(f"a number from {low} to {high} is expected here")
            return None
        return int(self.value)

    def id(self) -> int | None:
        """A Discord id, quoted or not."""
        text = as_written(self.value) or ""
        is_id = text.isascii() and text.isdigit() and len(text) <= 19
        if not is_id or not 0 < int(text) <= MAX_ID:
            self.fail(f"an id of 1 to 19 digits, at most {MAX_ID}, is expected here")
            return None
        return int(text)

    def seconds(self) -> float | None:
        """A duration such as 90s, 1m30s, 2h or 0s, in seconds."""
        text = as_written(self.value) or ""
        match = _DURATION.fullmatch(text)
        if not text or match is None:
            self.fail("a duration such as 0s, 1.5s, 90s, 1m30s or 2h is expected here")
            return None
        parts = zip(match.groups(), _UNIT_SECONDS, strict=True)
        return sum(float(part) * unit for part, unit in parts if part is not None)

    def instant(self) -> datetime | None:
        """An instant such as 2026-03-01T19:00:00Z; without an offset it is UTC."""
        try:
            value = datetime.fromisoformat(as_written(self.value) or "")
        except ValueError:
            self.fail("an instant such as 2026-03-01T19:00:00Z is expected here")
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)

    def choice(self, allowed: Iterable[str]) -> str | None:
        """One of these texts."""
        choices = list(allowed)
        if self.value not in choices:
            self.fail(f"one of {', '.join(choices)} is expected here")
            return None
        return str(self.value)


class YamlFile:
    """A file that is read as a whole before anything is done with it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._report = Report()

    def root(self) -> Node:
        """The file's value; `UsageError` where the file cannot be read or is no YAML."""
        try:
            with self._path.open("rb") as file:
                data = file.read(MAX_BYTES + 1)
        except OSError as error:
            raise UsageError(f"{self._path}: {error.strerror}") from None
        if len(data) > MAX_BYTES:
            raise UsageError(f"{self._path}: larger than {MAX_BYTES // 1024**2} MiB")
        document = read_yaml(data, str(self._path), self._report)
        self.check()
        if document is None:
            raise UsageError(f"{self._path}: cannot be read")
        return Node(document.value, document.place, self._report)

    def check(self) -> None:
        """Raise `UsageError` with everything that was found wrong so far, each with its place."""
        raise_problems(self._report)


def raise_problems(report: Report) -> None:
    """Raise `UsageError` with all problems, if there are any."""
    if report.failed:
        lines = [f"{problem.mark}: {problem.message}" for problem in report.problems]
        raise UsageError("\n".join(lines), hint="docs/sandbox.md describes what is expected")
