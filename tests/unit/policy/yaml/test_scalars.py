import math

import pytest

from voxguard.policy.yaml.scalars import WrittenInt, as_written, resolve


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("~", None),
        ("Null", None),
        ("true", True),
        ("FALSE", False),
        ("12", 12),
        ("-12", -12),
        ("+12", 12),
        ("010", 10),
        ("0o17", 15),
        ("0xfF", 255),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("1.", 1.0),
        ("-.inf", -math.inf),
        (".INF", math.inf),
        ("22:30", "22:30"),
        ("on", "on"),
        ("yes", "yes"),
        ("NO", "NO"),
        ("tRUE", "tRUE"),
        ("0b1", "0b1"),
        ("1_000", "1_000"),
        ("2026-11-01", "2026-11-01"),
        ("2026-12-01T00:00:00+03:00", "2026-12-01T00:00:00+03:00"),
        ("-", "-"),
        (".", "."),
        ("<<", "<<"),
        ("9" * 1001, "9" * 1001),
    ],
)
def test_plain_scalars_are_what_yaml_1_2_says(text: str, value: object) -> None:
    """The core schema of YAML 1.2, and nothing of what 1.1 saw in plain text."""
    found = resolve(text)
    assert found == value
    assert isinstance(found, type(value))


def test_not_a_number_is_a_float() -> None:
    """`.nan` is a float, equal to nothing."""
    assert math.isnan(float(str(resolve(".NaN"))))


@pytest.mark.parametrize("text", ["12", "010", "0x1F", "1e3", "-.inf", "9" * 40])
def test_numbers_remember_how_they_were_written(text: str) -> None:
    """What looks like a number may be a name or an id, and is taken as it stands."""
    assert as_written(resolve(text)) == text


def test_a_number_in_pythons_own_writing_is_a_plain_int() -> None:
    """Only other writings need to be remembered; the common case costs nothing."""
    assert type(resolve("12")) is int
    assert type(resolve("012")) is WrittenInt


@pytest.mark.parametrize("value", [None, True, [], {}])
def test_only_texts_and_numbers_are_written(value: object) -> None:
    """Nothing, booleans and collections are no text."""
    assert as_written(value) is None
