from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

import pytest
from pydantic import TypeAdapter, ValidationError

from voxguard.policy import values
from voxguard.policy.values import shown
from voxguard.policy.yaml.scalars import resolve

Kind: TypeAlias = Any
"""What Pydantic validates: a type, which may be an annotated one."""


def _check(kind: Kind, value: object) -> object:
    validated: object = TypeAdapter(kind).validate_python(value)
    return validated


def _refusal(kind: Kind, value: object) -> tuple[str, str]:
    with pytest.raises(ValidationError) as caught:
        _check(kind, value)
    (error,) = caught.value.errors()
    return error["type"], error["msg"]


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("110373943822540800", 110373943822540800),
        (110373943822540800, 110373943822540800),
        ("0", 0),
        (resolve("010"), 10),
        ("9223372036854775807", 9223372036854775807),
        (9223372036854775807, 9223372036854775807),
    ],
    ids=repr,
)
def test_ids_are_digits_quoted_or_not(value: object, number: int) -> None:
    """Up to the largest signed 64-bit number, exactly."""
    assert _check(values.Id, value) == number


@pytest.mark.parametrize(
    "value",
    [
        "",
        "x",
        "-1",
        -1,
        "+1",
        "1.0",
        1.0,
        True,
        None,
        [],
        {},
        "٣",
        " 1",
        "1_0",
        resolve("0x1F"),
        resolve("1e3"),
        "9223372036854775808",
        10**19,
        "0" * 20,
    ],
    ids=repr,
)
def test_what_is_no_id_is_refused(value: object) -> None:
    """Other writings of numbers, other digits, and what no column holds."""
    kind, message = _refusal(values.Id, value)
    assert kind == "VG012"
    assert message.lower() == f"{shown(value)} is not a discord id.".lower()


@pytest.mark.parametrize("name", ["a", "0", "quiet-hours", "a" * 63, "1e3"])
def test_names(name: str) -> None:
    """Lower-case letters, digits and inner hyphens, up to 63."""
    assert _check(values.Name, name) == name


@pytest.mark.parametrize("name", ["", "A", "a_b", "-a", "a-", "a" * 64, "ä", "a\n", "a b"])
def test_what_is_no_name_is_refused(name: str) -> None:
    """Everything else."""
    assert _refusal(values.Name, name)[0] == "VG105"


def test_references_are_taken_as_written() -> None:
    """A name that looks like a number is still a name."""
    assert _check(values.Reference, resolve("1e3")) == "1e3"
    assert _check(values.Reference, resolve("007")) == "007"
    assert _refusal(values.Reference, True) == ("VG011", "A name is expected here, not true.")
    assert _refusal(values.Reference, None) == ("VG011", "A name is expected here, not nothing.")
    assert _refusal(values.Reference, "") == ("VG011", "A name is expected here, not ''.")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90s", 90),
        ("15m", 900),
        ("1h30m", 5400),
        ("7d", 604800),
        ("1d1h1m1s", 90061),
        ("48h", 172800),
    ],
)
def test_durations(text: str, seconds: int) -> None:
    """Days, hours, minutes and seconds, in this order."""
    assert _check(values.Duration, text) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("", "'' is not a duration."),
        ("90", "'90' is not a duration."),
        (90, "'90' is not a duration."),
        ("1m1h", "'1m1h' is not a duration."),
        ("1.5h", "'1.5h' is not a duration."),
        ("-5m", "'-5m' is not a duration."),
        ("1w", "'1w' is not a duration."),
        ("٣m", "'٣m' is not a duration."),
        (None, "Nothing is not a duration."),
        ("0s", "The duration '0s' is zero."),
        ("0h0m", "The duration '0h0m' is zero."),
        ("36526d", "The duration '36526d' is over a century."),
        ("9" * 10 + "d", "The duration '9999999999d' is over a century."),
        ("9" * 5000 + "d", f"'{'9' * 60}…' is not a duration."),
    ],
    ids=repr,
)
def test_what_is_no_duration_is_refused(value: object, message: str) -> None:
    """Zero, negative and endless ones too; no number of digits makes it fall over."""
    assert _refusal(values.Duration, value) == ("VG012", message)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-12-01", datetime(2026, 12, 1)),  # noqa: DTZ001 - wall-clock
        ("2026-12-01T20:00", datetime(2026, 12, 1, 20)),  # noqa: DTZ001 - wall-clock
        ("2026-12-01T20:00:05", datetime(2026, 12, 1, 20, 0, 5)),  # noqa: DTZ001 - wall-clock
        ("2026-12-01T20:00Z", datetime(2026, 12, 1, 20, tzinfo=UTC)),
        ("2026-12-01T20:00:05+03:00", datetime(2026, 12, 1, 17, 0, 5, tzinfo=UTC)),
    ],
)
def test_instants(text: str, instant: datetime) -> None:
    """A date alone is its first instant; seconds and an offset may be left out."""
    found = _check(values.Instant, text)
    assert found == instant


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("yesterday", "'yesterday' is not an instant."),
        ("2026-12-01 20:00", "'2026-12-01 20:00' is not an instant."),
        ("2026-12-01T24:00", "'2026-12-01T24:00' is not an instant."),
        ("2026-12-01T20:00:05.5", "'2026-12-01T20:00:05.5' is not an instant."),
        (20261201, "'20261201' is not an instant."),
        ("2026-02-30", "'2026-02-30' is no date: "),
        ("0000-01-01", "'0000-01-01' is no date: "),
    ],
)
def test_what_is_no_instant_is_refused(value: object, message: str) -> None:
    """One form, so that nobody has to guess what was meant."""
    kind, found = _refusal(values.Instant, value)
    assert kind == "VG012"
    assert found.startswith(message)


def test_texts_have_no_invisible_characters() -> None:
    """Escapes cannot bring in what a database refuses."""
    assert _check(values.Text, "a\n\tb") == "a\n\tb"
    message = "The invisible character U+0000 is not allowed."
    assert _refusal(values.Text, "a\0b") == ("VG012", message)


def test_one_is_as_good_as_a_list_of_one() -> None:
    """Where several may stand one may stand alone; none may not."""
    assert _check(values.OneOrMany[values.Id], 5) == (5,)
    assert _check(values.OneOrMany[values.Id], [5, "6"]) == (5, 6)
    assert _refusal(values.OneOrMany[values.Id], []) == ("VG012", "This list is empty.")
    assert _refusal(values.OneOrMany[values.Id], {})[0] == "tuple_type"
    assert _check(values.Many[values.Id], []) == ()
    assert _refusal(values.Some[values.Id], []) == ("VG012", "This list is empty.")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "nothing"),
        (True, "true"),
        (False, "false"),
        ([], "a list"),
        ({}, "a mapping"),
        (5, "'5'"),
        ("x" * 61, f"'{'x' * 60}…'"),
    ],
)
def test_values_are_shown_short(value: object, text: str) -> None:
    """A message quotes scalars and names everything else."""
    assert shown(value) == text
