from datetime import UTC, datetime

import pytest

from voxguard.policy.list_files import FileEntries, read_list_file
from voxguard.policy.report import Report


def _read(data: str | bytes, name: str) -> tuple[FileEntries, list[str]]:
    report = Report()
    entries = read_list_file(data.encode() if isinstance(data, str) else data, name, report)
    return entries, [f"{each.mark} {each.message}" for each in report.problems]


@pytest.mark.parametrize(
    "data",
    [
        "1\n22\n333\n",
        "333\r\n22\r\n1",
        "\n 1  # mallory\n\t22\t\n# all of\n333#x",
        "\ufeff1\n22\n333",
        "1\n22 # Lindstr\u00f6m\n333\n",
    ],
)
def test_one_id_a_line(data: str) -> None:
    """Blank lines, comments, blanks round an id, CRLF and a byte order mark are fine."""
    entries, problems = _read(data, "a.txt")
    assert sorted(entries.permanent) == [1, 22, 333]
    assert (list(entries.expiring), problems) == ([], [])


def test_an_empty_file_lists_nobody() -> None:
    """Lists may be empty."""
    assert _read("", "a.txt") == (FileEntries(_read("", "a.txt")[0].permanent), [])
    assert list(_read("# nobody\n", "a.txt")[0].permanent) == []


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ("1\n  x\n", "a.txt:2:3 'x' is not a Discord id."),
        ("1\n2 3\n", "a.txt:2:1 '2 3' is not a Discord id."),
        ("9223372036854775807\n9223372036854775808", "a.txt:2:1 '9223372036854775808' is not"),
        ("00000000000000000001", "a.txt:1:1 '00000000000000000001' is not a Discord id."),
        ("1\n-2", "a.txt:2:1 '-2' is not a Discord id."),
        ("id,name\n", "a.txt:1:1 'id,name' is not a Discord id."),
        (b"1\n# Lindstr\xf6m\n", "a.txt:2:10 The byte 0xf6 is not UTF-8"),
        (b"1\n\0", "a.txt:2:1 The file is not text."),
    ],
)
def test_a_wrong_line_has_its_number(data: str | bytes, problem: str) -> None:
    """The short way through a million ids gives no different errors."""
    _, problems = _read(data, "a.txt")
    assert len(problems) == 1
    assert problems[0].startswith(problem)


def test_of_many_wrong_lines_a_hundred_are_shown() -> None:
    """The rest is counted."""
    _, problems = _read("x\n" * 1000, "a.txt")
    assert len(problems) == 101
    assert "a.txt 900 more lines are wrong." in problems


def test_csv_with_all_columns() -> None:
    """Columns stand in any order; an entry without an end stays; a date may be local."""
    data = (
        "\ufeffname, until,id,reason,added,by\r\n"
        '"mallory, the ""first""",,80351110224678912,"two\nlines",2026-11-01,staff\r\n'
        "\r\n"
        "bob,2026-12-01,5,,,\r\n"
        "eve,2026-12-01T00:00:00+03:00,6\r\n"
    )
    entries, problems = _read(data, "a.csv")
    assert problems == []
    assert list(entries.permanent) == [80351110224678912]
    found = [(user, until, str(mark)) for user, until, mark in entries.expiring]
    assert found == [
        (5, datetime(2026, 12, 1), "a.csv:5"),  # noqa: DTZ001 - wall-clock, as written
        (6, datetime(2026, 11, 30, 21, tzinfo=UTC), "a.csv:6"),
    ]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ("", "a.csv:1:1 The header has no column 'id'."),
        ("name\nbob\n", "a.csv:1:1 The header has no column 'id'."),
        ("id,nam\n1,x\nx,x\n", "a.csv:1:1 There is no column 'nam'."),
        ("id;name\n1;x\n", "a.csv:1:1 There is no column 'id;name'."),
        ("id\n1\nx\n", "a.csv:3:1 'x' is not a Discord id."),
        ("name,id\nx\n", "a.csv:2:1 '' is not a Discord id."),
        ("id\n1,2\n", "a.csv:2:1 This row has 2 fields, the header 1."),
        ("id,until\n1,soon\n", "a.csv:2:1 'soon' is not an instant."),
        ("id,added\n1,soon\n", "a.csv:2:1 'soon' is not an instant."),
        ('id\n"1\n', "a.csv:2:1 This is not CSV: unexpected end of data."),
        ('id\n"1"2\n', "a.csv:2:1 This is not CSV: "),
        (b"id\n\xff\n", "a.csv:2:1 The byte 0xff is not UTF-8"),
    ],
)
def test_wrong_csv_has_its_line(data: str | bytes, problem: str) -> None:
    """Header, rows, ids and instants are checked."""
    _, problems = _read(data, "a.csv")
    assert len(problems) == 1
    assert problems[0].startswith(problem)


def test_a_column_may_not_be_there_twice() -> None:
    """It would be unclear which one counts."""
    _, problems = _read("id,id\n1,2\n", "A.CSV")
    assert set(problems) == {"A.CSV:1:1 The column 'id' is there twice."}


def test_an_unknown_column_comes_with_a_hint() -> None:
    """The close name, or else all there are."""
    report = Report()
    read_list_file(b"id,reson\n", "a.csv", report)
    read_list_file(b"id,xyz\n", "b.csv", report)
    hints = [problem.hint for problem in report.problems]
    assert hints == [
        "Did you mean reason?",
        "The columns are id, name, reason, added, by, until.",
    ]
