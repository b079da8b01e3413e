"""What an unquoted scalar is: the core schema of YAML 1.2.

`22:00`, `on`, `yes` and `2026-11-01` are text there. Source: YAML 1.2.2, section 10.3.2.
"""

import re

_CONSTANTS: dict[str, bool | None] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_DECIMAL = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o[0-7]+")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_INFINITY = re.compile(r"[-+]?\.(?:inf|Inf|INF)")
_NOT_A_NUMBER = re.compile(r"\.(?:nan|NaN|NAN)")
_MAY_BE_NUMBER = frozenset("0123456789+-.")
_MAX_DIGITS = 1000


class WrittenInt(int):
    """A whole number that was written in another way than Python would write it (`010`)."""

    text: str


class WrittenFloat(float):
    """A number with the text that it was written as: `1e3` may be a name."""

    text: str


def _int(text: str, base: int) -> int:
    value = WrittenInt(text, base)
    value.text = text
    return int(value) if str(value) == text else value


def _float(text: str) -> float:
    value = WrittenFloat(text.replace(".inf", "inf").replace(".nan", "nan"))
    value.text = text
    return value


def resolve(text: str) -> str | int | float | bool | None:
    """The value of an unquoted scalar; numbers remember how they were written."""
    first = text[:1]
    if first not in _MAY_BE_NUMBER:
        return _CONSTANTS.get(text, text)
    # A number of more digits than any number here can have stays text, which refuses it.
    if len(text) > _MAX_DIGITS:
        return text
    if _DECIMAL.fullmatch(text):
        return _int(text, 10)
    if _OCTAL.fullmatch(text):
        return _int(text, 8)
    if _HEXADECIMAL.fullmatch(text):
        return _int(text, 16)
    if _FLOAT.fullmatch(text):
        return _float(text)
    if _INFINITY.fullmatch(text) or _NOT_A_NUMBER.fullmatch(text):
        return _float(text.lower())
    return text


def as_written(value: object) -> str | None:
    """The text of a string or a number as it stands in the file; None for all else."""
    if isinstance(value, str):
        return value
    if isinstance(value, WrittenInt | WrittenFloat):
        return value.text
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return None
