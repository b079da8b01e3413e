from collections.abc import Callable

import pytest


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("who: {account_age: {}}, then: {mute: true}", "8:28 VG012 There is neither `min` nor"),
        ("who: {account_age: 7d}, then: {mute: true}", "8:28 VG011 A mapping (`key: value`) is"),
        (
            "who: {account_age: {min: 8d, max: 7d}}, then: {mute: true}",
            "8:28 VG012 `min` is above `max`: nothing can match.",
        ),
        ("who: {account_age: {min: 5}}, then: {mute: true}", "8:34 VG012 '5' is not a duration."),
        ("who: {account_age: {min: }}, then: {mute: true}", "8:34 VG011 There is no value here."),
        ("who: {membership_age: {}}, then: {mute: true}", "8:31 VG012 There is neither `min`"),
        (
            "who: {membership_age: {min: 61m, max: 1h}}, then: {mute: true}",
            "8:31 VG012 `min` is above `max`: nothing can match.",
        ),
        ("who: {account_age: {mx: 1d}}, then: {mute: true}", "8:29 VG008 There is no key 'mx'"),
        ("where: {occupancy: {}}, then: {mute: true}", "8:28 VG012 There is neither `min` nor"),
        ("where: {occupancy: 1}, then: {mute: true}", "8:28 VG011 A mapping (`key: value`) is"),
        (
            "where: {occupancy: {min: 2, max: 1}}, then: {mute: true}",
            "8:28 VG012 `min` is above `max`: nothing can match.",
        ),
        ("where: {occupancy: {min: -1}}, then: {mute: true}", "8:34 VG012 This must be at least 0"),
        (
            "where: {occupancy: {max: 9999999}}, then: {mute: true}",
            "8:34 VG012 This must be at",
        ),
        ("where: {occupancy: {max: 1.5}}, then: {mute: true}", "8:34 VG011 A whole number is"),
        ("where: {occupancy: {max: '1'}}, then: {mute: true}", "8:34 VG011 A whole number is"),
    ],
)
def test_bounds_that_make_no_sense_are_refused(
    problems_of: Callable[..., list[str]], text: str, problem: str
) -> None:
    """One mistake is one problem, at the bounds or at the one that is wrong."""
    (found,) = problems_of(f"rules:\n  one: {{{text}}}\n")
    assert found.startswith(f"guild.yaml:{problem}")
