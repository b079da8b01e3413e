"""A member who is only thought of, and all the ways in which what is not known could be."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product
from math import prod
from typing import Any, Final

from voxguard.engine.index import GuildIndex
from voxguard.model.ids import ChannelId, RoleId, UserId
from voxguard.model.world import ChannelKind
from voxguard.policy.conditions.base import Condition
from voxguard.policy.conditions.channel_entries import HasChannelEntries
from voxguard.policy.conditions.channels import InChannels
from voxguard.policy.conditions.entries import HasEntries
from voxguard.policy.conditions.membership_age import HasMembershipAge
from voxguard.policy.conditions.occupancy import HasOccupancy
from voxguard.policy.conditions.time_used import HasTimeUsed

UNNAMED: Final = ChannelId(0)
"""A category that no rule names."""

MOST: Final = 1_000_000
"""Rules times ways that are looked at, which takes a minute."""


class TooMuchUnknownError(ValueError):
    """Too many ways in which what is not known could be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """A member who is thought to join a channel at the instant of the question.

    With `category_known` False the category can be any or none; with `kind` None the
    channel can be a voice or a stage channel; with `joined_at` None the member can have
    joined the guild at any time; with `occupancy` None any number of people can be in the
    channel, the member included. `entries` are the member's just now and `channel_entries`
    everybody's, this one included; `used` is how long the member was in the channel up to
    now, and None is not known for all three. Rules take the step that comes after so many
    `earlier_episodes`. No flag of the voice state is set, and the member is neither owner
    nor administrator.
    """

    user_id: UserId
    channel_id: ChannelId
    roles: frozenset[RoleId] = frozenset()
    bot: bool = False
    category_known: bool = False
    category_id: ChannelId | None = None
    kind: ChannelKind | None = None
    joined_at: datetime | None = None
    occupancy: int | None = None
    entries: int | None = None
    channel_entries: int | None = None
    used: timedelta | None = None
    earlier_episodes: int = 0


@dataclass(frozen=True, slots=True)
class Possibility:
    """One way in which everything could be."""

    category_id: ChannelId | None
    kind: ChannelKind
    joined_at: datetime | None
    occupancy: int
    entries: int
    channel_entries: int
    used: timedelta


def possibilities(index: GuildIndex, newcomer: Newcomer, at: datetime) -> Iterator[Possibility]:
    """Every way that some rule tells from the others.

    Raises:
        TooMuchUnknownError: There are too many of them.
    """
    conditions = tuple(_conditions(index))
    kinds = (ChannelKind.VOICE, ChannelKind.STAGE) if newcomer.kind is None else (newcomer.kind,)
    ways: tuple[Sequence[Any], ...] = (
        _categories(conditions, newcomer),
        kinds,
        _joined(conditions, newcomer.joined_at, at),
        _counts(conditions, newcomer),
        _entries(conditions, HasEntries, newcomer.entries),
        _entries(conditions, HasChannelEntries, newcomer.channel_entries),
        _used(conditions, newcomer.used),
    )
    count = prod(map(len, ways))
    if count > 1 and count * len(index.rules) > MOST:
        raise TooMuchUnknownError(count)
    return (Possibility(*way) for way in product(*ways))


def _conditions(index: GuildIndex) -> Iterator[Condition]:
    yield from index.exempt.who or ()
    for rule in index.rules:
        yield from rule.rule.all_conditions


def _categories(conditions: Sequence[Condition], newcomer: Newcomer) -> Sequence[ChannelId | None]:
    if newcomer.category_known:
        return [newcomer.category_id]
    named: set[ChannelId] = set()
    for condition in conditions:
        if isinstance(condition, InChannels):
            named |= (condition.any or frozenset()) | condition.all | condition.none
    return [None, UNNAMED, *sorted(named - {newcomer.channel_id})]


def _joined(
    conditions: Sequence[Condition], joined_at: datetime | None, at: datetime
) -> Sequence[datetime | None]:
    """Not known, just now, and just long enough ago for each of the bounds."""
    bounds = {
        bound
        for condition in conditions
        if isinstance(condition, HasMembershipAge)
        for bound in (condition.ages.min, condition.ages.max)
        if bound is not None
    }
    if joined_at is not None or not bounds:
        return [joined_at]
    return [None, *(at - age for age in sorted({timedelta(0), *bounds}))]


def _counts(conditions: Sequence[Condition], newcomer: Newcomer) -> Sequence[int]:
    """Nobody else, and just as many people as make a difference to some rule."""
    if newcomer.occupancy is not None:
        return [newcomer.occupancy]
    alone = 0 if newcomer.bot else 1
    counts = {alone}
    for condition in conditions:
        if isinstance(condition, HasOccupancy):
            counts.add(max(alone, condition.min or 0))
            counts.add(alone if condition.max is None else max(alone, condition.max + 1))
    return sorted(counts)


def _entries(
    conditions: Sequence[Condition],
    kind: type[HasEntries | HasChannelEntries],
    known: int | None,
) -> Sequence[int]:
    """This one alone, and just as many as make a difference to some rule."""
    if known is not None:
        return [known]
    least = {each.recent.min for each in conditions if isinstance(each, kind)}
    return sorted({1, *least})


def _used(conditions: Sequence[Condition], known: timedelta | None) -> Sequence[timedelta]:
    """Nothing, and just as much as makes a difference to some rule."""
    if known is not None:
        return [known]
    least = {each.min for each in conditions if isinstance(each, HasTimeUsed)}
    return sorted({timedelta(0), *least})
