"""Which rules may act on a member, as far as fuses have a say."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import product
from typing import Final

from voxguard.engine.index import IndexedRule
from voxguard.engine.state import GuildState, MemberState
from voxguard.policy.schedules import Schedule

_MICROSECOND: Final = timedelta(microseconds=1)


def heeded(
    guild: GuildState, member: MemberState, held: Sequence[IndexedRule]
) -> Sequence[IndexedRule]:
    """The rules that hold, those whose fuse is blown as rules that observe.

    What such a rule holds of the member goes on: what was done is not undone by stopping.
    """
    if not guild.fuses.blown_count:
        return held
    leases = {name for some in member.enforced.leases.values() for name in some}
    return [
        rule if rule.name in leases else guild.fuses.observing(rule.name) or rule for rule in held
    ]


def admits(guild: GuildState, member: MemberState, rule: IndexedRule, at: datetime) -> bool:
    """Whether a rule may act on a member; who is one too many blows its fuse.

    What a schedule's boundary or a new revision brings about was planned and is not counted.
    """
    fuses = guild.fuses
    if not fuses.counts(rule):
        return True
    if fuses.observing(rule.name) is not None:
        return False
    return _is_planned(member, rule, at) or fuses.admits(rule, member.user_id, at)


def _is_planned(member: MemberState, rule: IndexedRule, at: datetime) -> bool:
    """Whether a new revision, or a boundary of any rule's schedule, is why the rule acts now.

    The schedule may be another rule's: one that has let the member be until now, or one that
    has given them a role.
    """
    episode, stretch = member.episode(rule.name), member.stretches[rule.name]
    if member.planned or episode.planned:
        return True
    return is_flipped(member, stretch.since_at, episode.began_at, at)


def is_flipped(member: MemberState, *instants: datetime) -> bool:
    """Whether a schedule of any rule about the member opens or closes at one of these."""
    # Boundaries are whole seconds, which hardly anything else is.
    whole = {each for each in instants if not each.microsecond}
    schedules = (each for one in member.candidates or () for each in one.schedules)
    return any(_flips(schedule, each) for schedule, each in product(schedules, whole))


def _flips(schedule: Schedule, at: datetime) -> bool:
    return schedule.at(at - _MICROSECOND).is_open is not schedule.at(at).is_open
