"""The values of the language: ids, names, durations, instants, and lists of names."""

import re
from datetime import datetime, timedelta
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BeforeValidator, Strict

from voxguard.model.ids import MAX_ID
from voxguard.policy import checks, patterns
from voxguard.policy.document import refuse
from voxguard.policy.json_schema import vocabulary
from voxguard.policy.json_schema.shapes import Listed
from voxguard.policy.yaml import as_written
from voxguard.policy.yaml.text import UNPRINTABLE

_ID = re.compile(patterns.ID)
_NAME = re.compile(patterns.NAME)
_DURATION = re.compile(patterns.DURATION)
_INSTANT = re.compile(
    r"\d{4}-\d\d-\d\d(?:T(?:[01]\d|2[0-3]):\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)?)?", re.ASCII
)
_LONGEST = timedelta(days=36_525)
_SHOWN = 60

T = TypeVar("T")


def shown(value: object) -> str:
    """A value as messages quote it, cut to a readable length."""
    text = as_written(value)
    if text is None:
        return _kind(value)
    return f"'{text}'" if len(text) <= _SHOWN else f"'{text[:_SHOWN]}…'"


def _kind(value: object) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return "true" if value else "false"
        case list():
            return "a list"
        case _:
            return "a mapping"


def id_of(text: str) -> int | None:
    """The Discord id that a text is; None when it is not one."""
    if not _ID.fullmatch(text):
        return None
    number = int(text)
    return number if number <= MAX_ID else None


def is_name(text: str) -> bool:
    """Whether a text may name a rule, a list, a schedule or an alias."""
    return _NAME.fullmatch(text) is not None


def parse_id(value: object) -> int:
    """A Discord id from a text or a number, by the digits that were written."""
    number = id_of(as_written(value) or "")
    if number is None:
        raise refuse(
            checks.INVALID_VALUE,
            f"{shown(value)} is not a Discord id.",
            f"An id is 1 to 19 digits, at most {MAX_ID}.",
        )
    return number


def _check_name(text: str) -> str:
    if not is_name(text):
        raise refuse(
            checks.BAD_NAME,
            f"{shown(text)} cannot be a name.",
            "Names are 1 to 63 lower-case letters, digits and inner hyphens.",
        )
    return text


def _as_reference(value: object) -> str:
    text = as_written(value)
    if not text:
        raise refuse(
            checks.WRONG_TYPE,
            f"A name is expected here, not {shown(value)}.",
            "Quote a name that looks like true, false or null."
            if value is None or isinstance(value, bool)
            else None,
        )
    return text


def parse_duration(value: object) -> timedelta:
    """A positive length of time such as `90s`, `15m`, `1h30m` or `7d`."""
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if not value or match is None:
        raise refuse(
            checks.INVALID_VALUE,
            f"{shown(value)} is not a duration.",
            "Durations are written like 90s, 15m, 1h30m or 7d.",
        )
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    total = days * 86_400 + hours * 3_600 + minutes * 60 + seconds
    if not 0 < total <= _LONGEST.total_seconds():
        raise refuse(
            checks.INVALID_VALUE,
            f"The duration {shown(value)} is {'zero' if total == 0 else 'over a century'}.",
        )
    return timedelta(seconds=total)


def parse_instant(value: object) -> datetime:
    """A date, or a date with a time; naive where no offset is written."""
    if isinstance(value, str) and _INSTANT.fullmatch(value):
        try:
            return datetime.fromisoformat(value)
        except ValueError as error:
            raise refuse(checks.INVALID_VALUE, f"{shown(value)} is no date: {error}.") from None
    raise refuse(
        checks.INVALID_VALUE,
        f"{shown(value)} is not an instant.",
        "Instants are written like 2026-12-01, 2026-12-01T18:00 or 2026-12-01T18:00:00+03:00.",
    )


def _check_text(text: str) -> str:
    # Through an escape ("\0") what no file may contain gets in, and no database takes it.
    if found := UNPRINTABLE.search(text):
        raise refuse(
            checks.INVALID_VALUE,
            f"The invisible character U+{ord(found.group()):04X} is not allowed.",
        )
    return text


def _as_list(value: object) -> object:
    return value if isinstance(value, list | dict) else [value]


def _check_some(items: tuple[T, ...]) -> tuple[T, ...]:
    if not items:
        raise refuse(
            checks.INVALID_VALUE, "This list is empty.", "Name something, or drop the key."
        )
    return items


def _check_true(value: object) -> bool:
    if value is not True:
        raise refuse(
            checks.INVALID_VALUE,
            f"This can only be true, not {shown(value)}.",
            "Drop the key where it is not wanted.",
        )
    return True


Id = Annotated[int, BeforeValidator(parse_id), vocabulary.ID]
Name = Annotated[str, AfterValidator(_check_name), vocabulary.NAME]
Reference = Annotated[str, BeforeValidator(_as_reference), vocabulary.REFERENCE]
Called = Annotated[str, BeforeValidator(_as_reference), vocabulary.CALLED]
"""What a test or a directory calls something: such names have no pattern."""
Duration = Annotated[timedelta, BeforeValidator(parse_duration), vocabulary.DURATION]
Instant = Annotated[datetime, BeforeValidator(parse_instant), vocabulary.INSTANT]
Bool = Annotated[bool, Strict()]
Int = Annotated[int, Strict()]
OnlyTrue = Annotated[bool, BeforeValidator(_check_true), vocabulary.TRUE]
OneOrMany = Annotated[
    tuple[T, ...],
    BeforeValidator(_as_list),
    AfterValidator(_check_some),
    Listed(at_least=1, or_one=True),
]
"""A list that is not empty, or the single item that it would have."""
Many = Annotated[tuple[T, ...], BeforeValidator(_as_list), Listed(or_one=True)]
"""A list that may be empty, or a single item."""
Some = Annotated[tuple[T, ...], AfterValidator(_check_some), Listed(at_least=1)]
"""A list that is not empty."""
Text = Annotated[str, Strict(), AfterValidator(_check_text), vocabulary.TEXT]
