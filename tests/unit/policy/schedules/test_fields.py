import re

import pytest

from voxguard.policy.schedules.fields import (
    DAY_OF_MONTH,
    DAY_OF_WEEK,
    HOUR,
    MINUTE,
    MONTH,
    Kind,
    parse_field,
)


@pytest.mark.parametrize(
    ("text", "kind", "admitted"),
    [
        ("*", HOUR, set(range(24))),
        ("7", HOUR, {7}),
        ("007", HOUR, {7}),
        ("2-5", HOUR, {2, 3, 4, 5}),
        ("3-3", HOUR, {3}),
        ("*/7", HOUR, {0, 7, 14, 21}),
        ("*/100", MINUTE, {0}),
        ("*/2", DAY_OF_MONTH, set(range(1, 32, 2))),
        ("10-20/4", MINUTE, {10, 14, 18}),
        ("50/5", MINUTE, {50, 55}),
        ("59/5", MINUTE, {59}),
        ("1,5-7,*/12", HOUR, {0, 1, 5, 6, 7, 12}),
        ("jan", MONTH, {1}),
        ("Feb-aPR,12", MONTH, {2, 3, 4, 12}),
        ("MON-FRI/2", DAY_OF_WEEK, {1, 3, 5}),
        ("mon-5", DAY_OF_WEEK, {1, 2, 3, 4, 5}),
        ("0", DAY_OF_WEEK, {0}),
        ("7", DAY_OF_WEEK, {0}),
        ("sun", DAY_OF_WEEK, {0}),
        ("0-7", DAY_OF_WEEK, set(range(7))),
        ("5-7", DAY_OF_WEEK, {5, 6, 0}),
        ("7-7", DAY_OF_WEEK, {0}),
        ("5/2", DAY_OF_WEEK, {5}),
        ("7/2", DAY_OF_WEEK, {0, 2, 4, 6}),
        ("sat-sun", DAY_OF_WEEK, {6, 0}),
        ("sun-sun", DAY_OF_WEEK, {0}),
        ("7-sun", DAY_OF_WEEK, {0}),
        ("sun-tue", DAY_OF_WEEK, {0, 1, 2}),
    ],
)
def test_a_field_admits_what_crontab_says(text: str, kind: Kind, admitted: set[int]) -> None:
    """Numbers, names, ranges, steps and lists mean what crontab(5) says."""
    assert parse_field(text, kind).admitted == admitted


@pytest.mark.parametrize(
    ("text", "restricted"),
    [("*", False), ("*/1", False), ("5,*", False), ("*/2", True), ("1-31", True), ("5", True)],
)
def test_only_a_plain_star_leaves_a_field_unrestricted(text: str, restricted: bool) -> None:
    """A field is restricted unless `*` or `*/1` stands in it."""
    assert parse_field(text, DAY_OF_MONTH).restricted is restricted


@pytest.mark.parametrize(
    ("text", "kind", "says"),
    [
        ("60", MINUTE, "minute: `60` is out of range, it goes from 0 to 59"),
        ("24", HOUR, "it goes from 0 to 23"),
        ("0", DAY_OF_MONTH, "it goes from 1 to 31"),
        ("1-32", DAY_OF_MONTH, "it goes from 1 to 31"),
        ("13", MONTH, "it goes from 1 to 12"),
        ("8", DAY_OF_WEEK, "it goes from 0 to 7"),
        ("*/0", MINUTE, "a step of 0; the smallest step is 1"),
        ("1-5/0", MINUTE, "a step of 0"),
        ("22-6", HOUR, "hour: `22-6` runs backwards; ranges do not wrap around: write `22-23,0-6`"),
        ("FRI-MON", DAY_OF_WEEK, "write `5-6,0-1`"),
        ("6-0", DAY_OF_WEEK, "write `6,0`"),
        ("7-2", DAY_OF_WEEK, "write `0-2`"),
        ("nov-feb", MONTH, "write `11-12,1-2`"),
        ("?", DAY_OF_MONTH, "`?` is not cron: write `*`"),
        ("L", DAY_OF_MONTH, "`L` (the last day)"),
        ("L-3", DAY_OF_MONTH, "`L` (the last day)"),
        ("LW", DAY_OF_MONTH, "`L` (the last day)"),
        ("5L", DAY_OF_WEEK, "`L` (the last day)"),
        ("15W", DAY_OF_MONTH, "`W` (the nearest working day)"),
        ("MON#2", DAY_OF_WEEK, "`#` (the nth weekday of a month)"),
        ("H", MINUTE, "`H` (a hashed value) differs by program: write the number"),
        ("H(0-29)/10", MINUTE, "`H` (a hashed value)"),
        ("R", MINUTE, "`R` (a random value) differs each time: write the number"),
        ("R/5", MINUTE, "`R` (a random value)"),
        ("MON", MINUTE, "minute: `MON` is not understood; write numbers 0 to 59, `*`"),
        ("monday", DAY_OF_WEEK, "write numbers 0 to 7, names SUN to SAT, `*`"),
        ("1-MON", HOUR, "`1-MON` is not understood"),
        ("january", MONTH, "names JAN to DEC"),
        ("1,,2", MINUTE, "a value is missing beside a comma"),
        ("1,", MINUTE, "a value is missing beside a comma"),
        ("-5", MINUTE, "`-5` is not understood"),
        ("5-", MINUTE, "`5-` is not understood"),
        ("1-2-3", MINUTE, "`1-2-3` is not understood"),
        ("*-5", MINUTE, "`*-5` is not understood"),
        ("*/", MINUTE, "`*/` is not understood"),
        ("*/2/3", MINUTE, "`*/2/3` is not understood"),
        ("1.5", MINUTE, "`1.5` is not understood"),
        ("1" * 20, MINUTE, "is not understood"),
    ],
)
def test_anything_else_is_refused_with_what_to_write(text: str, kind: Kind, says: str) -> None:
    """What is not plain cron is an error that says what to write instead."""
    with pytest.raises(ValueError, match=re.escape(says)):
        parse_field(text, kind)
