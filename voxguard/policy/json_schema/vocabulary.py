"""The shapes of the values of the language: ids, names, durations, instants, cron, zones."""

from typing import Any, Final

from voxguard.model.ids import MAX_ID
from voxguard.policy import patterns
from voxguard.policy.json_schema.shapes import Shape
from voxguard.policy.schedules.cron import KINDS, LONGEST
from voxguard.policy.schedules.fields import Kind

_DATE: Final = "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_TIME: Final = "T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?"
_OFFSET: Final = "(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])?"


def _whole(pattern: str) -> str:
    return f"^{pattern}$"


def _text(description: str, pattern: str, *examples: str, **more: object) -> dict[str, Any]:
    return {
        "description": description,
        "type": "string",
        "pattern": pattern,
        # What editors show instead of the pattern.
        "patternErrorMessage": description,
        **more,
        "examples": list(examples),
    }


def _above(number: int) -> str:
    """A pattern of the numbers of as many digits that are greater."""
    digits = str(number)
    greater = [
        f"{digits[:index]}[{int(digit) + 1}-9][0-9]{{{len(digits) - index - 1}}}"
        for index, digit in enumerate(digits)
        if digit != "9"
    ]
    return f"^({'|'.join(greater)})$"


def _numbers(kind: Kind) -> str:
    """The numbers of a field of cron, of up to nine digits.

    There is one way to match each: with several, a long list would take for ever to refuse.
    """
    tens, rest = divmod(kind.highest, 10)
    numbers = [] if kind.first else ["0{1,9}"]
    numbers.append(f"0{{0,8}}[1-{min(kind.highest, 9)}]")
    full = [f"{ten}[0-9]" for ten in range(1, tens)]
    if tens:
        numbers.append(f"0{{0,7}}({'|'.join([*full, f'{tens}[0-{rest}]'])})")
    return "|".join(numbers)


def _field(kind: Kind) -> str:
    names = ["".join(f"[{one}{one.lower()}]" for one in name) for name in kind.names]
    value = f"({'|'.join([_numbers(kind), *names])})"
    step = "(/(?!0+([^0-9]|$))[0-9]{1,9})?"
    item = f"([*]|{value}(-{value})?){step}"
    return f"{item}(,{item})*"


ID: Final = Shape(
    "Id",
    {
        "description": "A Discord id: 1 to 19 digits, best in quotes.",
        "anyOf": [
            {"type": "string", "pattern": _whole(patterns.ID), "not": {"pattern": _above(MAX_ID)}},
            {"type": "integer", "minimum": 0, "maximum": MAX_ID},
        ],
        "examples": ["80351110224678912"],
    },
)
NAME: Final = Shape(
    "Name",
    _text(
        "1 to 63 lower-case letters, digits and inner hyphens.",
        _whole(patterns.NAME),
        "lobby",
        "quiet-hours",
    ),
)
REFERENCE: Final = Shape(
    "Reference",
    {
        "description": "The name of something; of channels and roles the id will do.",
        # What looks like a number may be the name of something, or an id.
        "anyOf": [
            {"type": "string", "pattern": _whole(patterns.NAME)},
            {"type": "number", "minimum": 0},
        ],
        "examples": ["lobby", "110373943822540801"],
    },
)
CALLED: Final = Shape(
    "Called",
    {
        "description": "Whatever the file or the directory calls it.",
        "anyOf": [{"type": "string", "minLength": 1}, {"type": "number"}],
        "examples": ["alice", "example-guild"],
    },
)
REFERENCES: Final = Shape(
    "References",
    {
        "description": "One name, or a list of names, any of which will do.",
        "anyOf": [
            REFERENCE.here,
            {"type": "array", "items": REFERENCE.here, "minItems": 1},
        ],
        "examples": ["lobby", ["lobby", "music"]],
    },
)
TEXT: Final = Shape(
    "Text",
    _text(
        "A text without control characters.",
        r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028\u2029\ufffe\uffff]*$",
        "An hour in the lobby is enough.",
    ),
)
MESSAGE: Final = Shape(
    "Message",
    _text(
        "A text that Discord takes as a message: 1 to 2,000 characters, not only spaces.",
        r"^(?=[\s\S]*\S)[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028\u2029\ufffe\uffff]*$",
        "Please switch your camera off in the lobby.",
        maxLength=2_000,
    ),
)
DURATION: Final = Shape(
    "Duration",
    _text(
        "A length of time: days, hours, minutes, seconds, in this order.",
        f"^(?=.*[1-9]){patterns.DURATION}$",
        "90s",
        "15m",
        "1h30m",
        "7d",
    ),
)
PER: Final = Shape(
    "Per",
    {
        "description": "day: a calendar day; or the length of the time just past.",
        "anyOf": [{"const": "day"}, DURATION.here],
        "examples": ["day", "24h"],
    },
)
OFFSET: Final = Shape(
    "Offset",
    _text(
        "The time since the start: days, hours, minutes, seconds, in this order; 0s is the start.",
        f"^(0s|(?=.*[1-9]){patterns.DURATION})$",
        "0s",
        "90s",
        "1h30m",
    ),
)
INSTANT: Final = Shape(
    "Instant",
    _text(
        "A date, or a date and a time, with or without an offset from UTC.",
        f"^(?!0000){_DATE}({_TIME}{_OFFSET})?$",
        "2026-12-01",
        "2026-12-01T18:00",
        "2026-12-01T18:00:00+03:00",
    ),
)
WALL: Final = Shape(
    "WallClock",
    _text(
        "A date, or a date and a time, by the clocks of the schedule's time zone.",
        f"^(?!0000){_DATE}({_TIME})?$",
        "2026-12-31T20:00",
    ),
)
CRON: Final = Shape(
    "Cron",
    _text(
        "Minute, hour, day of month, month, day of week.",
        _whole(r"\s*" + r"\s+".join(map(_field, KINDS)) + r"\s*"),
        "0 22 * * *",
        "0 0 * * SAT",
        "*/15 9-17 * * MON-FRI",
        maxLength=LONGEST,
    ),
)
ZONE: Final = Shape(
    "TimeZone",
    _text(
        "A time zone of the IANA database.",
        "^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*$",
        "Europe/Moscow",
        "UTC",
        maxLength=64,
    ),
)
OFF: Final = Shape("Off", {"description": "None at all.", "const": "off"})
TRUE: Final = Shape(
    "True", {"description": "True; drop the key where it is not wanted.", "const": True}
)
NOTHING: Final = Shape(
    "Nothing", {"description": "Nothing is decided at that instant.", "const": "nothing"}
)
