import pytest

from voxguard.policy.report import Report
from voxguard.policy.yaml.text import decode


@pytest.mark.parametrize(
    ("data", "place", "message"),
    [
        (b"a: 1\r\nb: \xe9", "f:2:4", "The byte 0xe9 is not UTF-8; the file may be Latin-1."),
        (b"\xef\xbb\xbfab\xff", "f:1:3", "The byte 0xff is not UTF-8; the file may be Latin-1."),
        (b"\xff\xfea\0", "f:1:1", "The file is UTF-16."),
        (b"\xfe\xff\0a", "f:1:1", "The file is UTF-16."),
        (b"\x89PNG\0", "f:1:1", "The file is not text."),
        (b"abc\n\0", "f:2:1", "The file is not text."),
        (b"a\x1bb", "f:1:2", "The invisible character U+001B is not allowed."),
        ("a\u2028b".encode(), "f:1:2", "The invisible character U+2028 is not allowed."),
    ],
)
def test_what_is_not_text_is_refused_with_its_place(data: bytes, place: str, message: str) -> None:
    """Bytes that are not UTF-8 and invisible characters are errors with line and column."""
    report = Report()
    assert decode(data, "f", report) is None
    assert [(str(each.mark), each.message) for each in report.problems] == [(place, message)]


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    """Editors on Windows write one; it means nothing."""
    report = Report()
    assert decode(b"\xef\xbb\xbfa: \xc3\xa9\t\r\n", "f", report) == "a: é\t\r\n"
    assert report.problems == ()
