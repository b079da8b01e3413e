"""How far the rules of a guild look back, so that nothing older needs to be remembered."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from voxguard.model.decisions import Mode
from voxguard.policy.conditions.channel_entries import HasChannelEntries
from voxguard.policy.conditions.entries import HasEntries
from voxguard.policy.conditions.occupancy import HasOccupancy
from voxguard.policy.conditions.state import HasState
from voxguard.policy.conditions.time_used import HasTimeUsed
from voxguard.policy.recent import Recent
from voxguard.policy.resolved import Rule

_NONE = timedelta()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookback:
    """What some rule may ask for; nothing where all is zero.

    The latest `entries` entries of a member, and the latest `channel_entries` into a
    channel, of anybody and of each member, within `entries_for`; stays that ended within
    `stays_for`; and, by rule and mode, what was decided within `acts_for`. `rushes` say how
    many entries into a channel are many, `crowds` are the numbers of people in one from
    which on some rule sees it otherwise, `flags` those of a voice state.
    """

    entries: int = 0
    channel_entries: int = 0
    entries_for: timedelta = _NONE
    stays_for: timedelta = _NONE
    acts_for: Mapping[str, timedelta] = field(default_factory=dict)
    rushes: frozenset[Recent] = frozenset()
    crowds: frozenset[int] = frozenset()
    flags: frozenset[str] = frozenset()


NOTHING = Lookback()


def act_key(rule: str, mode: Mode) -> str:
    """What the acts of a rule are kept under, apart for each mode."""
    return f"{mode}:{rule}"


def look_back(rules: Iterable[Rule]) -> Lookback:
    """How far rules look back."""
    own = channel = 0
    entries_for = stays_for = _NONE
    acts_for: dict[str, timedelta] = {}
    rushes: set[Recent] = set()
    crowds: set[int] = set()
    flags: set[str] = set()
    for rule in rules:
        for condition in rule.all_conditions:
            match condition:
                case HasEntries(recent):
                    own = max(own, recent.min)
                    entries_for = max(entries_for, recent.within)
                case HasChannelEntries(recent):
                    channel = max(channel, recent.min)
                    rushes.add(recent)
                    entries_for = max(entries_for, recent.within)
                case HasOccupancy():
                    crowds |= condition.turns
                case HasState(asked):
                    flags.update(flag for flag, _ in asked)
                case HasTimeUsed(span=span):
                    stays_for = max(stays_for, span.length)
                case _:
                    pass
        if acts := max(rule.cooldown or _NONE, rule.forget_after or _NONE):
            # In both, since a blown fuse makes a rule observe that was enforced.
            acts_for |= {act_key(rule.name, mode): acts for mode in Mode}
    return Lookback(
        entries=own,
        channel_entries=channel,
        entries_for=entries_for,
        stays_for=stays_for,
        acts_for=acts_for,
        rushes=frozenset(rushes),
        crowds=frozenset(crowds),
        flags=frozenset(flags),
    )
