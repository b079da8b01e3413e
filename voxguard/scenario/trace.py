"""Recorded traces: JSON Lines of gateway dispatches, read one instant at a time.

A line is `{"at": "2026-03-01T19:00:00Z", "t": "VOICE_STATE_UPDATE", "d": {…}}`. A byte order
mark, CRLF and blank lines are no harm; other keys are ignored.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, BinaryIO, Final

import orjson

from voxguard.errors import UsageError
from voxguard.model.dispatch import parse_dispatch
from voxguard.model.events import Event
from voxguard.model.payloads import DispatchError

LONGEST_LINE: Final = 64 * 1024 * 1024
"""Bytes. The GUILD_CREATE of the largest guilds has some tens of millions."""

FIRST_AT: Final = datetime(1970, 1, 1, tzinfo=UTC)
LAST_AT: Final = datetime(2200, 1, 1, tzinfo=UTC)
"""Time as schedules understand it; it leaves room to add any duration to any instant."""

TICK: Final = "TICK"
"""Not one of Discord's names: only lets time pass."""

_BOM: Final = b"\xef\xbb\xbf"
# RFC 3339, with seconds that may be left out.
_INSTANT: Final = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)
_LONGEST_MESSAGE: Final = 200
_OUTSIDE: Final = "not between the years 1970 and 2200"
_HINT: Final = (
    'a trace has one object a line, like {"at": "2026-03-01T19:00:00Z", "t": "TICK"}, '
    "and instants that do not decrease"
)

_COMPRESSED: Final = {
    b"\x1f\x8b": "zcat",
    b"\x28\xb5\x2f\xfd": "zstdcat",
    b"\xfd7zXZ": "xzcat",
    b"BZh": "bzcat",
}
"""How compressed files begin, and what unpacks them."""


class MalformedLineError(ValueError):
    """A line that is none of a trace."""


@dataclass(frozen=True, slots=True)
class Moment:
    """All that a trace says of one instant.

    `events` are those that mean something here, in order; `count` is how many there were
    with the others, TICKs not among them. `bytes_read` is how far the trace has been read.
    """

    at: datetime
    events: tuple[Event, ...]
    count: int
    bytes_read: int


def read_trace(file: BinaryIO, name: str) -> Iterator[Moment]:
    """The instants of a trace in order, in memory one at a time.

    Raises:
        UsageError: A line is malformed, or its instant is before that of the line above;
            the message begins with `name` and the number of the line.

    """
    at, text = None, None
    events: list[Event] = []
    count = position = 0
    for number, line in _lines(file, name):
        try:
            record = _record(line)
            if record["at"] != text or at is None:
                now, text = _instant(record["at"]), record["at"]
                if at is not None and now > at:
                    yield Moment(at, tuple(events), count, position)
                    events.clear()
                    count = 0
                elif at is not None:
                    _check_order(at, now, text)
                at = now
            if record["t"] != TICK:
                count += 1
                if (event := parse_dispatch(record["t"], record.get("d"))) is not None:
                    events.append(event)
        except (MalformedLineError, DispatchError) as error:
            raise UsageError(f"{name}:{number}: {_cut(str(error))}", hint=_HINT) from None
        position += len(line)
    if at is not None:
        yield Moment(at, tuple(events), count, position)


def _check_order(before: datetime, now: datetime, text: str) -> None:
    if now < before:
        raise MalformedLineError(f"the instant {text} is before that of the line above it")


def _lines(file: BinaryIO, name: str) -> Iterator[tuple[int, bytes]]:
    number = 0
    while line := file.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            raise UsageError(f"{name}:{number}: the line is longer than {LONGEST_LINE} bytes")
        if number == 1:
            _check_unpacked(line, name)
            line = line.removeprefix(_BOM)
        if line and not line.isspace():
            yield number, line


def _check_unpacked(line: bytes, name: str) -> None:
    for beginning, program in _COMPRESSED.items():
        if line.startswith(beginning):
            raise UsageError(
                f"{name} is compressed",
                hint=f"unpack it on the way: {program} TRACE | voxguard simulate - POLICIES",
            )


def _record(line: bytes) -> dict[str, Any]:
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise MalformedLineError(f"this is not JSON ({error})") from None
    if not isinstance(record, dict):
        raise MalformedLineError("this is not an object")
    for key in ("at", "t"):
        if not isinstance(record.get(key), str):
            raise MalformedLineError(
                f"{key!r} is not a text" if key in record else f"there is no {key!r}"
            )
    return record


def _instant(text: str) -> datetime:
    if _INSTANT.fullmatch(text):
        try:
            instant = datetime.fromisoformat(text.upper()).astimezone(UTC)
        except (ValueError, OverflowError):
            pass
        else:
            if FIRST_AT <= instant < LAST_AT:
                return instant
            raise MalformedLineError(f"the instant {text} is {_OUTSIDE}")
    raise MalformedLineError(f"{text!r} is not an instant with an offset from UTC")


def check_instant(at: datetime) -> datetime:
    """An instant of the span in which time is understood.

    Raises:
        UsageError: It is outside of that.

    """
    if not FIRST_AT <= at < LAST_AT:
        raise UsageError(f"the instant {at.isoformat()} is {_OUTSIDE}")
    return at


def _cut(message: str) -> str:
    return message if len(message) <= _LONGEST_MESSAGE else f"{message[:_LONGEST_MESSAGE]}…"
