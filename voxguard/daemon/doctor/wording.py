"""Turns of phrase that several findings share."""

from collections.abc import Collection, Iterable

_MOST_NAMES = 3


def counted(number: int, noun: str) -> str:
    """A number with its noun: `1 rule`, `2 rules`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def listed(rules: Iterable[str]) -> str:
    """The first few names; how many more there are tells enough."""
    names = sorted(rules)
    shown = ", ".join(names[:_MOST_NAMES])
    more = len(names) - _MOST_NAMES
    return f"{shown} and {more} more" if more > 0 else shown


def needed_by(rules: Collection[str]) -> str:
    """Who needs it: `a needs`, `a, b need`."""
    return f"{listed(rules)} {'needs' if len(rules) == 1 else 'need'}"
