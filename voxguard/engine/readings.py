"""The fact that each condition looks at, as JSON values for an explanation to show."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from voxguard.model.facts import Facts
from voxguard.model.ids import created_at
from voxguard.policy.bounds import whole_seconds
from voxguard.policy.conditions.account_age import HasAccountAge
from voxguard.policy.conditions.base import Condition
from voxguard.policy.conditions.bot import IsBot
from voxguard.policy.conditions.channel_entries import HasChannelEntries
from voxguard.policy.conditions.channels import InChannels
from voxguard.policy.conditions.entries import HasEntries
from voxguard.policy.conditions.kinds import OfKinds
from voxguard.policy.conditions.lists import InLists
from voxguard.policy.conditions.members import IsMember
from voxguard.policy.conditions.membership_age import HasMembershipAge
from voxguard.policy.conditions.occupancy import HasOccupancy
from voxguard.policy.conditions.roles import HasRoles
from voxguard.policy.conditions.schedule import IsOpen
from voxguard.policy.conditions.state import HasState
from voxguard.policy.conditions.time_used import HasTimeUsed

_SECOND = timedelta(seconds=1)

UNKNOWN_VALUE = "unknown"
"""Stands for a fact that nobody has given."""


def read(condition: Condition, facts: Facts, at: datetime) -> object:
    """What the condition compares with what it wants."""
    return READINGS[type(condition)](condition, facts, at)


def _lists(condition: InLists, facts: Facts, at: datetime) -> object:
    sets = condition.sets
    every = chain(sets.any or (), sets.all, sets.none)
    return sorted({one.name for one in every if one.contains(facts.user_id, at)})


def _schedules(condition: IsOpen, _facts: Facts, at: datetime) -> object:
    sets = condition.sets
    every = chain(sets.any or (), sets.all, sets.none)
    return sorted({name for name, one in every if one.at(at).is_open})


def _channel(_condition: InChannels, facts: Facts, _at: datetime) -> object:
    category_id = facts.category_id
    return {
        "channel": str(facts.channel_id),
        "category": None if category_id is None else str(category_id),
    }


def _membership_age(_condition: HasMembershipAge, facts: Facts, at: datetime) -> object:
    return UNKNOWN_VALUE if facts.joined_at is None else whole_seconds(facts.joined_at, at)


def _entries(condition: HasEntries, facts: Facts, at: datetime) -> object:
    return condition.recent.count(facts.entry_at, at)


def _channel_entries(condition: HasChannelEntries, facts: Facts, at: datetime) -> object:
    return condition.recent.count(facts.channel_entry_at, at)


def _time_used(condition: HasTimeUsed, facts: Facts, at: datetime) -> object:
    return condition.used(facts, at) // _SECOND


def _flags(condition: HasState, facts: Facts, _at: datetime) -> object:
    return {flag: getattr(facts, flag) for flag, _ in condition.flags}


def off_by(condition: Condition, facts: Facts, at: datetime) -> int | None:
    """By how much a number or an age misses its bounds; below zero is too little.

    None where there are no bounds, where they are kept, or where it is not known.
    """
    bounds_of = _BOUNDS.get(type(condition))
    value = None if bounds_of is None else read(condition, facts, at)
    if bounds_of is None or not isinstance(value, int) or condition.matches(facts, at):
        return None
    bounds = bounds_of(condition)
    least, most = bounds.get("min"), bounds.get("max")
    if least is not None and value < least:
        return value - least
    return None if most is None else value - most


_BOUNDS: Mapping[type[Condition], Callable[[Any], Mapping[str, int]]] = {
    HasAccountAge: lambda condition: condition.ages.canonical(),
    HasMembershipAge: lambda condition: condition.ages.canonical(),
    HasOccupancy: lambda condition: condition.canonical(),
    HasEntries: lambda condition: condition.recent.canonical(),
    HasChannelEntries: lambda condition: condition.recent.canonical(),
    HasTimeUsed: lambda condition: {"min": condition.min // _SECOND},
}

READINGS: Mapping[type[Condition], Callable[[Any, Facts, datetime], object]] = {
    InLists: _lists,
    HasRoles: lambda _condition, facts, _at: [str(role) for role in sorted(facts.roles)],
    IsMember: lambda _condition, facts, _at: str(facts.user_id),
    HasAccountAge: lambda _condition, facts, at: whole_seconds(created_at(facts.user_id), at),
    HasMembershipAge: _membership_age,
    IsBot: lambda _condition, facts, _at: facts.bot,
    InChannels: _channel,
    OfKinds: lambda _condition, facts, _at: str(facts.channel_kind),
    HasOccupancy: lambda _condition, facts, _at: facts.occupancy,
    IsOpen: _schedules,
    HasState: _flags,
    HasEntries: _entries,
    HasChannelEntries: _channel_entries,
    HasTimeUsed: _time_used,
}
"""By condition; a test sees to it that none is forgotten."""
