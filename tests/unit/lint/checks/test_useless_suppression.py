import pytest

from tests.unit.lint.tools import lines

ID = "VG402"
RULE = "where: lobby, then: {mute: true}"
ALWAYS = "then: {mute: true}"


@pytest.mark.parametrize(
    ("comment", "rule"),
    [
        ("# voxguard: ignore VG202: it was for everybody once", RULE),
        ("# voxguard: ignore VG201: there is nothing but listening here", ALWAYS),
        ("# voxguard: ignore VG202 until 2026-03-02: for the event", ALWAYS),
        ("# voxguard: ignore VG202", ALWAYS),
        ("# voxguard: ignore VG999: it is not there yet", RULE),
        ("# voxguard: ignore VG202, VG201: both of them", ALWAYS),
        ("# voxguard: allow VG202: it is meant", ALWAYS),
    ],
)
def test_it_fires(comment: str, rule: str) -> None:
    """At checks that do not fire there, days that have come, missing reasons, and wrong words."""
    assert lines(ID, f"rules:\n  {comment}\n  r: {{{rule}}}\n") == [2]


@pytest.mark.parametrize(
    ("comment", "rule"),
    [
        ("# voxguard: ignore VG202: there is nothing but listening here", ALWAYS),
        ("# voxguard: ignore VG202 until 2026-03-03: for the event", ALWAYS),
        ("#voxguard:ignore VG202: as short as can be", ALWAYS),
        ("# voxguard ignores VG202 in this file", RULE),
        ("# see voxguard: ignore VG202", RULE),
        # Neither can be made without a commit to compare with, or without playing the tests.
        ("# voxguard: ignore VG108: the shared list will do", RULE),
        ("# voxguard: ignore VG403 until 2020-01-01: tests come later", RULE),
    ],
)
def test_it_does_not_fire(comment: str, rule: str) -> None:
    """At what silences a finding, up to its last day; at other comments; at what nobody knows."""
    assert lines(ID, f"rules:\n  {comment}\n  r: {{{rule}}}\n") == []
