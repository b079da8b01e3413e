"""Conditions about an amount: ages, people in a channel, entries, used time.

An atom about an amount says that a value has been reached, or that it has not. What a value is
and when reaching one means having reached another is the measure's own to say: a number, or a
number within a time. A new one is a line in `MEASURES`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple

from voxguard.lint.logic.atoms import AT_LEAST, Atom, Clause
from voxguard.policy.conditions.account_age import HasAccountAge
from voxguard.policy.conditions.base import Condition
from voxguard.policy.conditions.channel_entries import HasChannelEntries
from voxguard.policy.conditions.entries import HasEntries
from voxguard.policy.conditions.membership_age import HasMembershipAge
from voxguard.policy.conditions.occupancy import HasOccupancy
from voxguard.policy.conditions.time_used import HasTimeUsed
from voxguard.policy.recent import Recent
from voxguard.policy.spans import Day

_SECOND = timedelta(seconds=1)


def _kind(condition: type[Condition]) -> str:
    return f"{condition.path} {AT_LEAST}"


ACCOUNT_AGE = _kind(HasAccountAge)
MEMBERSHIP_AGE = _kind(HasMembershipAge)
OCCUPANCY = _kind(HasOccupancy)
ENTRIES = _kind(HasEntries)
CHANNEL_ENTRIES = _kind(HasChannelEntries)
TIME_USED = _kind(HasTimeUsed)


class Often(NamedTuple):
    """So many of something in so many seconds."""

    times: int
    seconds: int


class Used(NamedTuple):
    """So many seconds of use in a span: a day in a zone, or the `length` just past.

    `channels` and `kinds` are what counts, as text; empty is everything. `length` is also
    how far a day reaches back at most.
    """

    seconds: int
    zone: str
    length: int
    channels: str
    kinds: str


@dataclass(frozen=True, slots=True)
class Measure:
    """A condition about an amount: its clauses, and whether one value means another.

    `reaches(one, other)` says whether whoever has reached `one` has reached `other`.
    """

    condition: type[Condition]
    clauses: Callable[[Any], Iterable[Clause]]
    reaches: Callable[[Any, Any], bool]


def _reached(kind: str, value: int | tuple[int | str, ...], *, so: bool = True) -> Clause:
    return frozenset({Atom(kind, value, so)})


def _account_age(condition: HasAccountAge) -> Iterator[Clause]:
    for bound, seconds in condition.ages.canonical().items():
        yield _reached(ACCOUNT_AGE, seconds, so=bound == "min")


def _membership_age(condition: HasMembershipAge) -> Iterator[Clause]:
    """Who has reached an age of 0 is one of whom the age is known."""
    bounds = condition.ages.canonical()
    yield _reached(MEMBERSHIP_AGE, bounds.get("min", 0))
    if "max" in bounds:
        yield _reached(MEMBERSHIP_AGE, bounds["max"], so=False)


def _occupancy(condition: HasOccupancy) -> Iterator[Clause]:
    """A count leaves `max` one above it; there are never fewer than none."""
    if condition.min:
        yield _reached(OCCUPANCY, condition.min)
    if condition.max is not None:
        yield _reached(OCCUPANCY, condition.max + 1, so=False)


def _recent(kind: str, recent: Recent) -> Iterator[Clause]:
    yield _reached(kind, Often(recent.min, recent.within // _SECOND))


def _time_used(condition: HasTimeUsed) -> Iterator[Clause]:
    span, places = condition.span, condition.places
    used = Used(
        seconds=condition.min // _SECOND,
        zone=span.zone.key if isinstance(span, Day) else "",
        length=span.length // _SECOND,
        channels="" if places.channels is None else repr(places.channels.canonical()),
        kinds="" if places.kinds is None else repr(places.kinds.canonical()),
    )
    yield _reached(TIME_USED, used)


def _more(one: int, other: int) -> bool:
    return one >= other


def _more_often(one: Often, other: Often) -> bool:
    """As many in a shorter time are as many in a longer one."""
    return one.times >= other.times and one.seconds <= other.seconds


def _longer(one: Used, other: Used) -> bool:
    """As much, of no other channels, in a span that lies within the other."""
    counts = other.channels in ("", one.channels) and other.kinds in ("", one.kinds)
    # Rolling spans lie within longer ones; a day lies within a time that no day exceeds.
    within = one.length <= other.length if not other.zone else one.zone == other.zone
    return one.seconds >= other.seconds and counts and within


MEASURES: tuple[Measure, ...] = (
    Measure(HasAccountAge, _account_age, _more),
    Measure(HasMembershipAge, _membership_age, _more),
    Measure(HasOccupancy, _occupancy, _more),
    Measure(HasEntries, lambda one: _recent(ENTRIES, one.recent), _more_often),
    Measure(HasChannelEntries, lambda one: _recent(CHANNEL_ENTRIES, one.recent), _more_often),
    Measure(HasTimeUsed, _time_used, _longer),
)

REACHES: Mapping[str, Callable[[Any, Any], bool]] = {
    _kind(measure.condition): measure.reaches for measure in MEASURES
}
"""For each kind of atom about an amount, whether one value means another."""


def consequences(atom: Atom) -> Iterator[Atom]:
    """What follows from an atom for another amount, or for whether somebody is a bot."""
    match atom:
        case Atom(kind=kind, value=value, positive=True) if kind == MEMBERSHIP_AGE:
            # Nobody has been in a guild for longer than there has been the account.
            yield Atom(ACCOUNT_AGE, value)
        case Atom(kind=kind, value=value, positive=False) if kind == ACCOUNT_AGE:
            yield Atom(MEMBERSHIP_AGE, value, positive=False)
        case Atom(kind="bot", positive=False):
            # People count themselves.
            yield Atom(OCCUPANCY, 1)
        case Atom(kind=kind, value=1, positive=False) if kind == OCCUPANCY:
            yield Atom("bot", "")
        case _:
            pass
