"""From bytes to text: UTF-8 and nothing else, with the place of what is not."""

import codecs
import re

from voxguard.model.problems import Mark
from voxguard.policy import checks
from voxguard.policy.report import Report

UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")
_SAVE_AS = "Save the file as UTF-8."


def decode(data: bytes, file: str, report: Report) -> str | None:
    """The text of a file without its byte order mark; None when it is not text.

    YAML 1.1, which libyaml reads, ends a line at U+0085, U+2028 and U+2029 and YAML 1.2
    does not: a comment could end unseen. They are refused like control characters.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        report.error(checks.ENCODING, Mark(file, 1, 1), "The file is UTF-16.", _SAVE_AS)
        return None
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        mark = _mark(file, data[: error.start].decode())
        byte = data[error.start]
        binary = b"\0" in data
        message = (
            "The file is not text."
            if binary
            else f"The byte 0x{byte:02x} is not UTF-8; the file may be Latin-1."
        )
        report.error(checks.ENCODING, mark, message, None if binary else _SAVE_AS)
        return None
    text = text.removeprefix("\ufeff")
    if found := UNPRINTABLE.search(text):
        code = ord(found.group())
        message = (
            "The file is not text."
            if code == 0
            else f"The invisible character U+{code:04X} is not allowed."
        )
        report.error(checks.ENCODING, _mark(file, text[: found.start()]), message)
        return None
    return text


def _mark(file: str, before: str) -> Mark:
    lines = before.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return Mark(file, lines.count("\n") + 1, len(lines) - lines.rfind("\n"))
